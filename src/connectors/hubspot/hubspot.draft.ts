import type { Asked, Delivery, Failure, RefusedField } from '../connector.js';
import type { ObjectType } from './hubspot.api.js';
import type { Layout } from './hubspot.layout.js';
import { KEY } from './hubspot.properties.js';
import { ticketOf } from './mapping/claim.js';
import { noteOf } from './mapping/note.js';
import { companyOf, contactOf } from './mapping/party.js';
import { policyDealOf, policyObjectOf } from './mapping/policy.js';
import { quoteDealOf } from './mapping/quote.js';
import type { Written } from './mapping/values.js';

/** A record as it is to stand in HubSpot. */
export interface Draft extends Written {
  readonly delivery: Delivery;
  /** The tenant's own fields that no property of HubSpot has the name of. */
  readonly refused: readonly RefusedField[];
}

/** The object type of each kind but `party`, which may be either of two. */
export function objectTypeOf(kind: Delivery['record']['kind'], layout: Layout): Asked<ObjectType> | undefined {
  switch (kind) {
    case 'quote':
      return located(layout.quotes, 'deals');
    case 'policy':
      return layout.policies.ok && layout.policies.value.as === 'object'
        ? { ok: true, value: layout.policies.value.type }
        : located(layout.policies, 'deals');
    case 'claim':
      return located(layout.claims, 'tickets');
    case 'activity':
      return { ok: true, value: 'notes' };
    case 'party':
    case 'policy_change':
    case 'invoice':
    case 'payment':
    case 'claim_item':
    case 'premium_row':
      return undefined;
  }
}

function located(pipeline: Asked<unknown>, type: ObjectType): Asked<ObjectType> {
  return pipeline.ok ? { ok: true, value: type } : pipeline;
}

/** @param type where the record goes */
export function draftOf(delivery: Delivery, type: ObjectType, layout: Layout): Asked<Draft> {
  const written = writtenOf(delivery, type, layout);
  if (!written.ok) return written;
  const known = layout.properties.get(type);
  if (known && !known.ok && type !== 'notes') return known;
  const names = known?.ok ? known.value.names : undefined;
  const custom = Object.entries(delivery.record.fields.custom ?? {});
  const isMissing = (name: string) => names !== undefined && names.size > 0 && !names.has(name);
  const taken = custom.filter(([name]) => !isMissing(name)).map(([name, value]) => [name, value ?? ''] as const);
  const refused = custom
    .filter(([name]) => isMissing(name))
    .map(([field]) => ({ field, code: 'property_doesnt_exist' }));
  const { properties, fallbacks } = written.value;
  return {
    ok: true,
    value: { delivery, refused, fallbacks, properties: { ...properties, ...Object.fromEntries(taken) } },
  };
}

function writtenOf({ record, event }: Delivery, type: ObjectType, layout: Layout): Asked<Written> {
  switch (record.kind) {
    case 'party':
      return { ok: true, value: type === 'companies' ? companyOf(record) : contactOf(record) };
    case 'quote':
      return mapped(layout.quotes, (pipeline) => quoteDealOf(record, pipeline));
    case 'policy':
      return mapped(layout.policies, (home) =>
        home.as === 'object' ? policyObjectOf(record) : policyDealOf(record, home.pipeline),
      );
    case 'claim':
      return mapped(layout.claims, (pipeline) => ticketOf(record, pipeline));
    case 'activity':
      return { ok: true, value: noteOf(record, event.occurredAtMs, layout.notes.by === 'mark') };
    case 'policy_change':
    case 'invoice':
    case 'payment':
    case 'claim_item':
    case 'premium_row':
      return { ok: false, failure: UNSUPPORTED };
  }
}

/** The engine skips these kinds before they come here. */
const UNSUPPORTED: Failure = {
  outcome: 'rejected',
  code: 'kind_unsupported',
  advice: 'HubSpot has no record for this kind: its facts are in the properties of the policy and in notes.',
};

function mapped<T>(asked: Asked<T>, map: (value: T) => Written): Asked<Written> {
  return asked.ok ? { ok: true, value: map(asked.value) } : asked;
}

/**
 * The properties that are sent. Without the currency an amount would be read in the account's own, so they go together;
 * the app's own properties keep both.
 */
export function sentProperties(draft: Draft, leftOut: ReadonlySet<string>): Readonly<Record<string, string>> {
  const without = leftOut.has('deal_currency_code') ? new Set([...leftOut, 'amount']) : leftOut;
  const kept = Object.entries(draft.properties).filter(([name]) => !without.has(name));
  return Object.fromEntries(kept);
}

/** What a record makes no sense without. */
const INDISPENSABLE = new Set([
  KEY,
  'dealname',
  'pipeline',
  'dealstage',
  'subject',
  'hs_pipeline',
  'hs_pipeline_stage',
  'hs_timestamp',
  'hs_note_body',
]);

export function mayLeaveOut(field: string, draft: Draft): boolean {
  return !INDISPENSABLE.has(field) && Object.hasOwn(draft.properties, field);
}

/** A record that waits until the account has been looked at anew. */
export const LAYOUT_OUTDATED: Failure = { outcome: 'retry', code: 'layout_outdated' };

/**
 * The account is not what the app knows of it: somebody deleted one of its properties, a stage or the custom object.
 * Looking anew creates what is missing.
 */
export function contradictsLayout(failure: Failure): boolean {
  if (failure.code === 'object_type_gone' || failure.code === LAYOUT_OUTDATED.code) return true;
  if (failure.outcome !== 'rejected') return false;
  const { code, field = '' } = failure;
  if (code === 'property_doesnt_exist') return field.startsWith('socotra_') || field === '';
  return code === 'invalid_option' && INDISPENSABLE.has(field);
}
