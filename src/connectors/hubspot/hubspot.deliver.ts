import type { Asked, Delivery, DeliveryResult, Target } from '../connector.js';
import { inBatches, isOnePerRecord } from '../kit/in-batches.js';
import { stopAfter } from '../kit/rest-of-connection.js';
import { accounts } from './hubspot.account.js';
import { BATCH_SIZE, type ObjectType, refOf } from './hubspot.api.js';
import { contradictsLayout, type Draft, draftOf, objectTypeOf } from './hubspot.draft.js';
import { type Layout, layouts } from './hubspot.layout.js';
import { untilMidnight } from './hubspot.limits.js';
import { upsertMarkedNotes } from './hubspot.notes.js';
import { findRelatives, heldRelations, idsByKey, type Relatives } from './hubspot.relatives.js';
import { tieRecords } from './hubspot.tie-records.js';
import { upsert } from './hubspot.upsert.js';

/** One result per delivery, same order. What met the limit of the day waits until the account's day ends. */
export async function deliverToHubspot(
  deliveries: readonly Delivery[],
  target: Target,
): Promise<readonly DeliveryResult[]> {
  const results = await deliverAsKnown(deliveries, target);
  if (!results.some(({ outcome }) => outcome === 'throttled')) return results;
  const account = await accounts.get(target);
  const timeZone = account.ok ? account.value.timeZone : 'UTC';
  return results.map((result) => untilMidnight(result, timeZone, target.now()));
}

/** Where the account is not as the app knows it, it looks anew and tries once more. */
async function deliverAsKnown(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]> {
  const layout = await layouts.get(target);
  if (!layout.ok) return deliveries.map(() => layout.failure);
  const results = await deliverAll(deliveries, target, layout.value, false);
  const stale = deliveries.filter((_delivery, index) => isStale(results[index]));
  if (stale.length === 0) return results;
  const renewed = await layouts.refresh(target);
  const again = renewed.ok
    ? await deliverAll(stale, target, renewed.value, true)
    : stale.map((): DeliveryResult => renewed.failure);
  return results.map((result, index) => {
    const place = stale.findIndex((delivery) => delivery === deliveries[index]);
    return again[place] ?? result;
  });
}

function isStale(result: DeliveryResult | undefined): boolean {
  return (
    result !== undefined && result.outcome !== 'delivered' && result.outcome !== 'skipped' && contradictsLayout(result)
  );
}

/** Type by type, in the order in which they come; nothing more is sent after the connection itself failed. */
async function deliverAll(
  deliveries: readonly Delivery[],
  target: Target,
  layout: Layout,
  isLastTry: boolean,
): Promise<readonly DeliveryResult[]> {
  const results = new Map<Delivery, DeliveryResult>();
  const types = await typesOf(deliveries, target, layout);
  const byType = Map.groupBy(deliveries, (delivery) => {
    const type = types.get(delivery);
    return type?.ok ? type.value : undefined;
  });
  for (const [type, all] of byType) {
    const stop = stopAfter(results.values());
    const answers =
      stop || type === undefined
        ? all.map((delivery) => stop ?? failureIn(types.get(delivery)))
        : await deliverType(all, type, target, layout, isLastTry);
    all.forEach((delivery, index) => results.set(delivery, answers[index] ?? NO_RESULT));
  }
  return deliveries.map((delivery) => results.get(delivery) ?? NO_RESULT);
}

const NO_RESULT: DeliveryResult = { outcome: 'retry', code: 'no_result' };

function failureIn(asked: Asked<unknown> | undefined): DeliveryResult {
  return asked && !asked.ok ? asked.failure : NO_RESULT;
}

/** The object type that each record goes to. */
export async function typesOf(
  deliveries: readonly Delivery[],
  target: Target,
  layout: Layout,
): Promise<ReadonlyMap<Delivery, Asked<ObjectType>>> {
  const parties = deliveries.filter(({ record }) => record.kind === 'party');
  const types = new Map(await partyTypes(parties, target));
  for (const delivery of deliveries) {
    const type = objectTypeOf(delivery.record.kind, layout);
    if (type !== undefined) types.set(delivery, type);
  }
  return types;
}

/**
 * A party stays what it first became in HubSpot: whose company name turns up later must not stand there twice. A new one
 * is a contact or a company, as it says.
 */
async function partyTypes(
  parties: readonly Delivery[],
  target: Target,
): Promise<ReadonlyMap<Delivery, Asked<ObjectType>>> {
  const types = new Map<Delivery, Asked<ObjectType>>();
  const unknown = new Map<ObjectType, Delivery[]>([
    ['contacts', []],
    ['companies', []],
  ]);
  for (const delivery of parties) {
    const { record, targetId } = delivery;
    const type = refOf(targetId)?.type;
    const isOrganization = record.kind === 'party' && record.fields.type === 'organization';
    if (type === 'contacts' || type === 'companies') types.set(delivery, { ok: true, value: type });
    else unknown.get(isOrganization ? 'companies' : 'contacts')?.push(delivery);
  }
  for (const [type, all] of unknown) {
    if (all.length === 0) continue;
    const other = type === 'contacts' ? 'companies' : 'contacts';
    const there = await idsByKey(
      target,
      other,
      all.map(({ record }) => record.key),
    );
    for (const delivery of all) {
      const isOther = there.ok && there.value.has(delivery.record.key);
      types.set(delivery, there.ok ? { ok: true, value: isOther ? other : type } : there);
    }
  }
  return types;
}

/** Writes records of one type and ties them to their relatives. A record that needs a relative is not sent without it. */
async function deliverType(
  deliveries: readonly Delivery[],
  type: ObjectType,
  target: Target,
  layout: Layout,
  isLastTry: boolean,
): Promise<readonly DeliveryResult[]> {
  const { notes } = layout;
  const isMarked = type === 'notes' && notes.by === 'mark';
  const relatives = await findRelatives(deliveries, target, layout, isMarked ? 'look up' : 'trust');
  if (!relatives.ok) return deliveries.map(() => relatives.failure);
  const results = new Map<Delivery, DeliveryResult>();
  const drafts = new Map<Delivery, Draft>();
  for (const delivery of deliveries) {
    const draft = draftOf(delivery, type, layout);
    if (!draft.ok) results.set(delivery, draft.failure);
    else if (isLonely(delivery, relatives.value, layout)) results.set(delivery, MISSING_RELATIVE);
    else drafts.set(delivery, draft.value);
  }
  const sendable = [...drafts.keys()];
  const answers = await inBatches(sendable, BATCH_SIZE, async (batch) => {
    const some = batch.flatMap((delivery) => drafts.get(delivery) ?? []);
    const written =
      type === 'notes' && notes.by === 'mark'
        ? await upsertMarkedNotes(some, relatives.value, target, notes)
        : await upsert(some, type, target, isLastTry);
    return isOnePerRecord(written) ? tieRecords(some, written, relatives.value, target, layout) : written;
  });
  sendable.forEach((delivery, index) => results.set(delivery, answers[index] ?? NO_RESULT));
  return deliveries.map((delivery) => results.get(delivery) ?? NO_RESULT);
}

const MISSING_RELATIVE: DeliveryResult = { outcome: 'dependency', code: 'related_record_missing' };

/** A record without one that it needs, or a note without anything that it could stand under. */
function isLonely(delivery: Delivery, relatives: Relatives, layout: Layout): boolean {
  const relations = heldRelations(delivery, layout);
  const isMissing = ({ key }: (typeof relations)[number]) => !relatives.has(key);
  if (relations.some((relation) => relation.required && isMissing(relation))) return true;
  return delivery.record.kind === 'activity' && relations.length > 0 && relations.every(isMissing);
}
