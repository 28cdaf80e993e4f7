import type { Asked, Failure, Target } from '../connector.js';
import { AccountMemory } from '../kit/account-memory.js';
import { objectsOf, textOf } from '../kit/json.js';
import { type ObjectType, PATHS, read } from './hubspot.api.js';
import { ensureProperties, type KnownProperties, tryNoteKeys } from './hubspot.ensure-properties.js';
import { ensurePipeline } from './hubspot.ensure-pipeline.js';
import { createPolicyObject, findPolicyObject } from './hubspot.policy-object.js';
import {
  type ClaimStage,
  CLAIMS,
  type Pipeline,
  POLICIES,
  type PolicyStage,
  QUOTES,
  type QuoteStage,
} from './hubspot.pipelines.js';
import {
  CLAIM_PROPERTIES,
  KEY,
  type OwnProperties,
  PARTY_PROPERTIES,
  POLICY_PROPERTIES,
  QUOTE_PROPERTIES,
} from './hubspot.properties.js';
import { rejection } from './hubspot.advice.js';

/** Where the policies of an account are. */
export type PolicyHome =
  | { readonly as: 'object'; readonly type: ObjectType }
  | { readonly as: 'deals'; readonly pipeline: Pipeline<PolicyStage> };

/** How notes stay single: by a unique property, or by looking for their mark among the notes of the same record. */
export type NoteHome =
  | { readonly by: 'key' }
  /** `associationTypes`: by object type, the id of a note's plain association with it. */
  | { readonly by: 'mark'; readonly associationTypes: ReadonlyMap<ObjectType, number> };

/**
 * What the app found or created in an account. A part that HubSpot refuses for good (a scope that the token lacks) costs
 * only the kinds that need it.
 */
export interface Layout {
  readonly policies: Asked<PolicyHome>;
  readonly quotes: Asked<Pipeline<QuoteStage>>;
  readonly claims: Asked<Pipeline<ClaimStage>>;
  readonly notes: NoteHome;
  /** The names of all properties, by object type. */
  readonly properties: ReadonlyMap<ObjectType, Asked<KnownProperties>>;
}

type Refusal = Extract<Failure, { outcome: 'rejected' }>;

export const layouts = new AccountMemory<Layout>(learnLayout);

/** Finds out what the account has and creates what is missing. Idempotent, also when several do it at the same time. */
async function learnLayout(target: Target): Promise<Asked<Layout>> {
  const policies = await policyHome(target);
  const [quotes, claims] = await Promise.all([ensurePipeline(target, QUOTES), ensurePipeline(target, CLAIMS)]);
  const plan = new Map<ObjectType, OwnProperties>([
    ['contacts', PARTY_PROPERTIES],
    ['companies', PARTY_PROPERTIES],
    ['tickets', CLAIM_PROPERTIES],
    // Only after the policies have their place: their properties here mean that an earlier Start came this far.
    ...(policies.ok ? [['deals', dealProperties(policies.value)] as const] : []),
    ...(policies.ok && policies.value.as === 'object' ? [[policies.value.type, POLICY_PROPERTIES] as const] : []),
  ]);
  const ensured = await Promise.all(
    [...plan].map(async ([type, own]) => [type, await ensureProperties(target, type, own)] as const),
  );
  const notes = await tryNoteKeys(target);
  const all = [policies, quotes, claims, notes, ...ensured.map(([, asked]) => asked)];
  const passing = all.find((asked) => !asked.ok && asked.failure.outcome !== 'rejected');
  if (passing && !passing.ok) return passing;
  const hasKeys = notes.ok && notes.value.isKeyed;
  const noteHome = hasKeys
    ? ({ ok: true, value: { by: 'key' } } as const)
    : await markedNotes(target, [...plan.keys()]);
  if (!noteHome.ok) return noteHome;
  const properties = new Map<ObjectType, Asked<KnownProperties>>([...ensured, ['notes', notes]]);
  return { ok: true, value: { policies, quotes, claims, notes: noteHome.value, properties } };
}

/** Refusals that Start tells the customer: an account without one of these cannot show the standard profile. */
export function refusalsOf(layout: Layout): readonly Refusal[] {
  return [layout.policies, layout.quotes, layout.claims, ...layout.properties.values()].flatMap((asked) =>
    !asked.ok && asked.failure.outcome === 'rejected' ? [asked.failure] : [],
  );
}

function dealProperties(policies: PolicyHome): OwnProperties {
  return policies.as === 'deals' ? { ...QUOTE_PROPERTIES, ...POLICY_PROPERTIES } : QUOTE_PROPERTIES;
}

/**
 * A custom object where the account has them, else deals. The first choice stays, whatever the account is upgraded to,
 * because a policy must not be there twice: what is found is used, and only an account with neither gets to choose.
 */
async function policyHome(target: Target): Promise<Asked<PolicyHome>> {
  const object = await findPolicyObject(target);
  if (!object.ok && object.failure.outcome !== 'rejected') return object;
  if (object.ok && object.value !== undefined) return { ok: true, value: { as: 'object', type: object.value } };
  const deals = await hasPolicyPipeline(target);
  if (!deals.ok) return deals;
  if (!deals.value && object.ok) {
    const created = await createPolicyObject(target);
    if (created.ok) return { ok: true, value: { as: 'object', type: created.value } };
    if (created.failure.outcome !== 'rejected') return created;
  }
  if (!deals.value && !object.ok) {
    const hidden = await hasHiddenObject(target);
    if (!hidden.ok) return hidden;
    if (hidden.value) return { ok: false, failure: HIDDEN_OBJECT };
  }
  const pipeline = await ensurePipeline(target, POLICIES);
  return pipeline.ok ? { ok: true, value: { as: 'deals', pipeline: pipeline.value } } : pipeline;
}

const HIDDEN_OBJECT: Refusal = {
  ...rejection('custom_objects_hidden'),
  advice:
    'The token can no longer read custom objects, and the policies of this account are in one: give it the scopes ' +
    'crm.objects.custom.read, crm.objects.custom.write and crm.schemas.custom.read, and start the app again.',
};

async function hasPolicyPipeline(target: Target): Promise<Asked<boolean>> {
  const pipelines = await read(target, PATHS.pipelines(POLICIES.objectType));
  if (!pipelines.ok) return pipelines;
  const labels = objectsOf(pipelines.value.results).map(({ label }) => textOf(label).toLowerCase());
  return { ok: true, value: labels.includes(POLICIES.label.toLowerCase()) };
}

/** An earlier Start has been here and did not make policies deals, but custom objects cannot be seen: they are there. */
async function hasHiddenObject(target: Target): Promise<Asked<boolean>> {
  const properties = await read(target, PATHS.properties('deals'));
  if (!properties.ok) return properties;
  return { ok: true, value: objectsOf(properties.value.results).some(({ name }) => name === KEY) };
}

/** The ids of the plain association of a note with each object type; they differ between accounts for custom objects. */
async function markedNotes(target: Target, types: readonly ObjectType[]): Promise<Asked<NoteHome>> {
  const associationTypes = new Map<ObjectType, number>();
  for (const type of types) {
    const labels = await read(target, PATHS.associationTypes('notes', type));
    if (!labels.ok && labels.failure.outcome !== 'rejected') return labels;
    const plain = labels.ok
      ? objectsOf(labels.value.results).find(({ category, label }) => category === 'HUBSPOT_DEFINED' && !label)
      : undefined;
    if (typeof plain?.typeId === 'number') associationTypes.set(type, plain.typeId);
  }
  return { ok: true, value: { by: 'mark', associationTypes } };
}
