import type { Connector, Delivery, DeliveryResult, Failure, RefusedField, Target } from '../connectors/connector.js';
import { restOfConnection } from '../connectors/kit/rest-of-connection.js';
import type { QueuedEvent, RecordMark, RecordMarkUpdate } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { RecordKey } from '../records/record-key.js';
import { RECORD_KINDS } from '../records/record-kinds.js';
import { contentHash, deliveryIdOf, nextRevision } from './revision.js';

/** What became of each record, by key, and what is to be remembered about them. */
export interface DeliveryReport {
  readonly results: ReadonlyMap<string, DeliveryResult>;
  readonly marks: readonly RecordMarkUpdate[];
  /** What the target left out of records that it took. */
  readonly refusedFields: readonly (RefusedField & { readonly recordKey: string })[];
  /** The target itself took or refused a record. */
  readonly answered: boolean;
}

export interface DeliveryContext {
  readonly connector: Connector;
  readonly target: Target;
  readonly connection: string;
  /** What the target is known to hold, of the records and of those they relate to. */
  readonly known: ReadonlyMap<string, RecordMark>;
  /** The newest event behind each record. */
  readonly newestEvents: ReadonlyMap<string, QueuedEvent>;
  /** The process is ending: what is not sent yet is left for the next start. */
  readonly isStopping: () => boolean;
  /**
   * Remembers what is about to be sent, so that a process that dies after it cannot believe that the target still holds
   * what it held before. @returns false when the work is no longer ours: then nothing is sent
   */
  readonly announce: (marks: readonly RecordMarkUpdate[]) => Promise<boolean>;
}

/** Core no longer has the record, and the target never got it. */
export const NEVER_DELIVERED = 'never_delivered';

const PARENT_NOT_DELIVERED: DeliveryResult = { outcome: 'dependency', code: 'parent_not_delivered' };
const NOT_SENT_YET: DeliveryResult = { outcome: 'retry', code: 'not_sent_yet' };
const SHUTTING_DOWN: DeliveryResult = { outcome: 'throttled', code: 'shutting_down', retryAfterMs: 0 };

/** Stands where the hash of a record's content would, and equals none. */
const MISSING_THERE = 'missing';

interface Prepared {
  readonly delivery: Delivery;
  readonly hash: string;
}

/**
 * Brings records to the target, parents first. What the target already holds is not sent again, what is older than
 * what it holds is dropped, and the children of a record that failed wait for it.
 */
export async function deliverRecords(
  recordsParentsFirst: readonly CanonicalRecord[],
  context: DeliveryContext,
): Promise<DeliveryReport> {
  const results = new Map<string, DeliveryResult>();
  const marks = new Map<string, RecordMarkUpdate>();
  const refusedFields: DeliveryReport['refusedFields'][number][] = [];
  const targetIds = knownTargetIds(context.known);
  let answered = false;
  const report = (rest?: DeliveryResult): DeliveryReport => ({
    results: rest ? withTheRest(results, recordsParentsFirst, rest) : results,
    marks: [...marks.values()],
    refusedFields,
    answered,
  });
  const announced = announcements(recordsParentsFirst, context);
  if (announced.length > 0 && !(await context.announce(announced))) return report(SHUTTING_DOWN);
  for (const together of groupsOf(recordsParentsFirst, context)) {
    if (context.isStopping()) return report(SHUTTING_DOWN);
    const prepared: Prepared[] = [];
    for (const record of together) {
      const settled = settledWithoutCall(record, context, results);
      if (settled) results.set(record.key, settled);
      else prepared.push(prepare(record, context, targetIds));
    }
    const answers = await deliverAll(prepared, context);
    prepared.forEach(({ delivery, hash }, index) => {
      const answer = answers[index] ?? { outcome: 'unknown_outcome', code: 'no_result_for_record' };
      const { record } = delivery;
      const result = answer.outcome === 'delivered' && waitsForParent(record, results) ? PARENT_NOT_DELIVERED : answer;
      results.set(record.key, result);
      marks.set(record.key, markOf(delivery, hash, result, context.connection));
      if (answer.outcome === 'dependency')
        for (const mark of marksOfMissing(record, marks, context)) marks.set(mark.key, mark);
      if (result.outcome !== 'delivered') return;
      if (result.targetId !== undefined) targetIds.set(record.key, result.targetId);
      refusedFields.push(...(result.refusedFields ?? []).map((field) => ({ ...field, recordKey: record.key })));
    });
    answered ||= answers.some(({ outcome }) => outcome === 'delivered' || outcome === 'rejected');
    const stop = answers.map(restOfConnection).find((rest) => rest !== undefined);
    if (stop) return report(stop);
  }
  return report();
}

/** The report when nothing could be sent. */
export function undelivered(records: readonly CanonicalRecord[], failure: Failure): DeliveryReport {
  return { results: withTheRest(new Map(), records, failure), marks: [], refusedFields: [], answered: false };
}

/** The target's ids of what it is known to hold. */
export function knownTargetIds(known: DeliveryContext['known']): Map<string, string> {
  return new Map([...known].flatMap(([key, { targetId }]) => (targetId === undefined ? [] : [[key, targetId]])));
}

/**
 * The target misses a record that this one needs, although it once took it: somebody deleted it there. What is remembered
 * of its content no longer holds, so that it is sent again before the next try.
 */
function marksOfMissing(
  record: CanonicalRecord,
  marks: ReadonlyMap<string, RecordMarkUpdate>,
  { known, connection }: DeliveryContext,
): RecordMarkUpdate[] {
  return record.relations.flatMap(({ key }) => {
    // What was sent a moment ago counts: a mark from before would bring back its revision and delivery id.
    const mark = marks.get(key) ?? known.get(key);
    return mark?.confirmed ? [{ ...mark, connection, key, contentHash: MISSING_THERE, confirmed: false }] : [];
  });
}

/**
 * What goes to the target together: one generation after the other, or as many records as the target takes at once, parents
 * before children.
 */
function groupsOf(records: readonly CanonicalRecord[], context: DeliveryContext): Iterable<readonly CanonicalRecord[]> {
  const atOnce = context.connector.recordsPerRequest?.(context.target.settings) ?? 1;
  if (atOnce === 1) return Map.groupBy(records, (record) => RECORD_KINDS[record.kind].order).values();
  const isSettled = (record: CanonicalRecord) => settledWithoutCall(record, context, new Map()) !== undefined;
  const bySettled = Map.groupBy(records, isSettled);
  return [bySettled.get(true) ?? [], ...chunksOf(bySettled.get(false) ?? [], atOnce)];
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** A line on a timeline needs a record whose timeline it is: one about nothing that the target holds, nobody would find. */
function hasPlace({ kind, relations }: CanonicalRecord, { kinds }: Connector): boolean {
  if (kinds[kind] !== 'upsert') return false;
  return kind !== 'activity' || relations.length === 0 || relations.some((related) => kinds[related.kind] === 'upsert');
}

/**
 * What the target is known to hold, and is about to hold no longer. What it was never known to hold needs no such word: it
 * is sent until it is.
 */
function announcements(records: readonly CanonicalRecord[], context: DeliveryContext): readonly RecordMarkUpdate[] {
  return records
    .filter(({ key }) => context.known.get(key)?.confirmed)
    .filter((record) => settledWithoutCall(record, context, new Map()) === undefined)
    .map((record) => {
      const { delivery, hash } = prepare(record, context, new Map());
      return markOf(delivery, hash, NOT_SENT_YET, context.connection);
    });
}

/** The result of a record for which the target need not be asked; undefined: it is to be sent. */
export function settledWithoutCall(
  record: CanonicalRecord,
  context: Pick<DeliveryContext, 'connector' | 'known'>,
  results: ReadonlyMap<string, DeliveryResult>,
): DeliveryResult | undefined {
  if (!hasPlace(record, context.connector)) return { outcome: 'skipped', code: 'kind_unsupported' };
  const known = context.known.get(record.key);
  const isMissed = record.onlyIfHeld !== undefined && !context.known.has(record.onlyIfHeld);
  if (isMissed) return { outcome: 'skipped', code: NEVER_DELIVERED };
  const isOlder = known !== undefined && record.sourceUpdatedAtMs < Date.parse(known.revision.split('#')[0] ?? '');
  if (known?.confirmed) {
    if (known.contentHash === contentHash(record)) return { outcome: 'delivered', change: 'unchanged' };
    if (isOlder) return { outcome: 'skipped', code: 'newer_already_there' };
  }
  // Two roots share a policyholder: the other one has read it later, and may or may not have brought it to the target.
  if (isOlder && record.kind === 'party') return { outcome: 'retry', code: 'newer_not_confirmed_yet' };
  return waitsForParent(record, results) ? PARENT_NOT_DELIVERED : undefined;
}

/**
 * A child waits for a parent that failed in this run; one that went along with it is sent once more. For a parent that it
 * could do without it waits too, as long as that may still come: once sent, it would never be tied to it, because its
 * content does not change again.
 */
function waitsForParent({ relations }: CanonicalRecord, results: ReadonlyMap<string, DeliveryResult>): boolean {
  return relations.some(({ required, key }) => isAwaited(results.get(key), required, results));
}

function isAwaited(
  parent: DeliveryResult | undefined,
  required: boolean,
  results: ReadonlyMap<string, DeliveryResult>,
): boolean {
  switch (parent?.outcome) {
    case undefined:
    case 'delivered':
    case 'skipped':
      return false;
    case 'rejected':
      return required;
    case 'dependency':
      // Behind a rejection nothing comes by itself.
      return required || ![...results.values()].some(({ outcome }) => outcome === 'rejected');
    case 'retry':
    case 'throttled':
    case 'unreachable':
    case 'unknown_outcome':
    case 'auth':
      return true;
  }
}

/** The record as it is sent, with its revision and what is known of it. */
export function prepare(
  record: CanonicalRecord,
  context: Pick<DeliveryContext, 'target' | 'connection' | 'known' | 'newestEvents'>,
  targetIds: ReadonlyMap<string, string>,
): Prepared {
  const known = context.known.get(record.key);
  const event = context.newestEvents.get(record.key);
  const hash = contentHash(record);
  const isSameTryAgain = known !== undefined && !known.confirmed && known.contentHash === hash;
  const revision = isSameTryAgain
    ? known.revision
    : nextRevision(known?.revision, record.sourceUpdatedAtMs, event?.receivedAtMs ?? 0);
  const targetId = targetIds.get(record.key);
  const related = record.relations.flatMap(({ key }): [RecordKey, string][] => {
    const id = targetIds.get(key);
    return id === undefined ? [] : [[key, id]];
  });
  return {
    hash,
    delivery: {
      record,
      ...(targetId !== undefined && { targetId }),
      relatedIds: new Map(related),
      revision,
      deliveryId: deliveryIdOf(context.target.tenant, context.connection, record.key, revision, hash),
      timeZone: context.target.timeZone,
      event: { id: event?.id ?? '', type: event?.type ?? '', occurredAtMs: event?.occurredAtMs ?? 0 },
    },
  };
}

async function deliverAll(prepared: readonly Prepared[], context: DeliveryContext): Promise<readonly DeliveryResult[]> {
  if (prepared.length === 0) return [];
  return context.connector.deliver(
    prepared.map(({ delivery }) => delivery),
    context.target,
  );
}

function withTheRest(
  results: Map<string, DeliveryResult>,
  records: readonly CanonicalRecord[],
  rest: DeliveryResult,
): ReadonlyMap<string, DeliveryResult> {
  for (const { key } of records) if (!results.has(key)) results.set(key, rest);
  return results;
}

function markOf(delivery: Delivery, hash: string, result: DeliveryResult, connection: string): RecordMarkUpdate {
  const targetId = result.outcome === 'delivered' ? result.targetId : undefined;
  return {
    connection,
    key: delivery.record.key,
    revision: delivery.revision,
    contentHash: hash,
    confirmed: result.outcome === 'delivered',
    ...(targetId !== undefined && { targetId }),
  };
}
