import type { Backlog, OverdueTenant, QueuedEvent, RecordMark, WaitingSpan } from './queue.js';
import type { TenantRest } from './tenant-rest.js';

/** A row of either store: a number may be text (64 bits), a truth may be a number. */
export type Row = Readonly<Record<string, unknown>>;

/** What a column holds, or the fallback for null. */
export function numberOr<T>(value: unknown, fallback: T): number | T {
  return value === null || value === undefined ? fallback : Number(value);
}

export function toQueuedEvent(row: Row): QueuedEvent {
  return {
    sequence: Number(row.sequence),
    id: String(row.id),
    type: String(row.type),
    occurredAtMs: Number(row.occurred_at),
    receivedAtMs: Number(row.received_at),
    payload: String(row.payload),
    tries: Number(row.tries),
    retryAtMs: Number(row.retry_at),
  };
}

export function toRecordMark(row: Row): RecordMark {
  return {
    revision: String(row.revision),
    contentHash: String(row.content_hash),
    confirmed: Boolean(row.confirmed),
    ...(typeof row.target_id === 'string' && { targetId: row.target_id }),
  };
}

export function toBacklog(row: Row | undefined): Backlog {
  return { waitingEvents: numberOr(row?.waiting, 0), deadLetters: numberOr(row?.dead, 0) };
}

/** Of no events neither end is known. */
export function toWaitingSpan(row: Row | undefined): WaitingSpan | undefined {
  const first = numberOr(row?.first, undefined);
  const last = numberOr(row?.last, undefined);
  return first === undefined || last === undefined ? undefined : { first, last };
}

export function toOverdueTenant(row: Row, rest: TenantRest | undefined): OverdueTenant {
  return { tenant: String(row.tenant), dueAtMs: Number(row.due_at), ...(rest && { rest }) };
}
