import type { Connector, Delivery, DeliveryResult, Target } from '../connectors/connector.js';
import { restOfConnection } from '../connectors/rest-of-connection.js';
import type { QueuedEvent, RecordMark, RecordMarkUpdate } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { RECORD_KINDS } from '../records/record-kinds.js';
import { contentHash, deliveryIdOf, nextRevision } from './revision.js';

/** What became of each record, by key, and what is to be remembered about them. */
export interface DeliveryReport {
  readonly results: ReadonlyMap<string, DeliveryResult>;
  readonly marks: readonly RecordMarkUpdate[];
  /** The target itself took or refused a record. */
  readonly answered: boolean;
}

export interface DeliveryContext {
  readonly connector: Connector;
  readonly target: Target;
  readonly connection: string;
  /** What the target is known to hold. */
  readonly known: ReadonlyMap<string, RecordMark>;
  /** The newest event behind each record. */
  readonly newestEvents: ReadonlyMap<string, QueuedEvent>;
  /** The process is ending: what is not sent yet is left for the next start. */
  readonly isStopping: () => boolean;
}

const SHUTTING_DOWN: DeliveryResult = { outcome: 'throttled', code: 'shutting_down', retryAfterMs: 0 };

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
  const marks: RecordMarkUpdate[] = [];
  let answered = false;
  for (const generation of byOrder(recordsParentsFirst)) {
    if (context.isStopping())
      return { results: withTheRest(results, recordsParentsFirst, SHUTTING_DOWN), marks, answered };
    const prepared: Prepared[] = [];
    for (const record of generation) {
      const settled = settledWithoutCall(record, context, results);
      if (settled) results.set(record.key, settled);
      else prepared.push(prepare(record, context));
    }
    const answers = await deliverAll(prepared, context);
    prepared.forEach(({ delivery, hash }, index) => {
      const result = answers[index] ?? { outcome: 'unknown_outcome', code: 'no_result_for_record' };
      results.set(delivery.record.key, result);
      marks.push(markOf(delivery, hash, result, context.connection));
    });
    answered ||= answers.some(({ outcome }) => outcome === 'delivered' || outcome === 'rejected');
    const stop = answers.map(restOfConnection).find((rest) => rest !== undefined);
    if (stop) return { results: withTheRest(results, recordsParentsFirst, stop), marks, answered };
  }
  return { results, marks, answered };
}

function byOrder(records: readonly CanonicalRecord[]): Iterable<readonly CanonicalRecord[]> {
  return Map.groupBy(records, (record) => RECORD_KINDS[record.kind].order).values();
}

function settledWithoutCall(
  record: CanonicalRecord,
  context: DeliveryContext,
  results: ReadonlyMap<string, DeliveryResult>,
): DeliveryResult | undefined {
  if (context.connector.kinds[record.kind] !== 'upsert') return { outcome: 'skipped', code: 'kind_unsupported' };
  const known = context.known.get(record.key);
  if (record.op === 'void' && known === undefined) return { outcome: 'skipped', code: 'never_delivered' };
  if (known?.confirmed) {
    if (known.contentHash === contentHash(record)) return { outcome: 'delivered', change: 'unchanged' };
    const knownSourceTime = Date.parse(known.revision.split('#')[0] ?? '');
    if (record.sourceUpdatedAtMs < knownSourceTime) return { outcome: 'skipped', code: 'newer_already_there' };
  }
  const parentFailed = record.relations.some(({ required, key }) => {
    const parent = required ? results.get(key) : undefined;
    return parent !== undefined && parent.outcome !== 'delivered' && parent.outcome !== 'skipped';
  });
  return parentFailed ? { outcome: 'dependency', code: 'parent_not_delivered' } : undefined;
}

function prepare(record: CanonicalRecord, context: DeliveryContext): Prepared {
  const known = context.known.get(record.key);
  const event = context.newestEvents.get(record.key);
  const hash = contentHash(record);
  const isSameTryAgain = known !== undefined && !known.confirmed && known.contentHash === hash;
  const revision = isSameTryAgain
    ? known.revision
    : nextRevision(known?.revision, record.sourceUpdatedAtMs, event?.receivedAtMs ?? 0);
  return {
    hash,
    delivery: {
      record,
      revision,
      deliveryId: deliveryIdOf(context.target.tenant, context.connection, record.key, revision),
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
