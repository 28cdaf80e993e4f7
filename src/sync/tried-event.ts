import type { DeliveryResult } from '../connectors/connector.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { type DeliveryReport, NEVER_DELIVERED } from './deliver-records.js';
import { type EventOutcome, outcomeOfEvent } from './event-outcome.js';
import type { EventWork } from './event-work.js';

/** One event after its try. */
export interface TriedEvent {
  readonly event: QueuedEvent;
  readonly outcome: EventOutcome;
  /** Of the record that decided, or else that the event is about. */
  readonly recordKey?: string;
  /** How many records it concerned. */
  readonly records?: number;
}

export type RecordsWork = Extract<EventWork, { kind: 'records' }>;

/** What became of an event, from its work and from the results of its records. */
export function triedEvent(work: EventWork, report: DeliveryReport): TriedEvent {
  const { event } = work;
  switch (work.kind) {
    case 'records':
      return triedRecords(work, report);
    case 'skip':
      return { event, outcome: { kind: 'skipped', code: work.code } };
    case 'dead':
      return { event, outcome: { kind: 'rejected', code: work.code } };
    case 'retry':
      return { event, outcome: { kind: 'retry', ...codeAndWait(work) } };
    // Core's rest is no fault of the event: it is not counted as a try, unless the event may be what Core chokes on.
    case 'core_unavailable':
      return { event, outcome: { kind: work.mayBeThisOne ? 'retry' : 'throttled', ...codeAndWait(work) } };
    case 'unauthorized':
      return { event, outcome: { kind: 'auth', code: 'core_unauthorized' } };
  }
}

function codeAndWait({ code, retryAfterMs }: { readonly code: string; readonly retryAfterMs?: number }) {
  return { code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function triedRecords({ event, records, about }: RecordsWork, report: DeliveryReport): TriedEvent {
  const own = ownKeys(records, about);
  const results = records.flatMap(({ key }) => {
    const result = report.results.get(key);
    return result ? [{ key, result, isOwn: own.has(key) }] : [];
  });
  const outcome = withoutItsRecord(outcomeOfEvent(results), report.results.get(about));
  const decidedBy = 'recordKey' in outcome ? outcome.recordKey : undefined;
  return { event, outcome, recordKey: decidedBy ?? about, records: results.length };
}

/** Neither Core nor the target has what the event is about: that the policy came along is not the event's success. */
function withoutItsRecord(outcome: EventOutcome, about: DeliveryResult | undefined): EventOutcome {
  const isMissed = about?.outcome === 'skipped' && about.code === NEVER_DELIVERED;
  return outcome.kind === 'delivered' && isMissed ? { kind: 'skipped', code: NEVER_DELIVERED } : outcome;
}

/** The record that the event is about, its timeline line, and all their parents. */
function ownKeys(records: readonly CanonicalRecord[], about: string): ReadonlySet<string> {
  const byKey = new Map(records.map((record) => [record.key as string, record]));
  const own = new Set<string>();
  const open = [about, ...records.filter(({ kind }) => kind === 'activity').map(({ key }) => key)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (own.has(key)) continue;
    own.add(key);
    open.push(...(byKey.get(key)?.relations ?? []).map((relation) => relation.key));
  }
  return own;
}
