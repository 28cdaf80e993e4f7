import { numberOr, type Row } from '../rows.js';

/** `purged`: an operator has given a dead letter up; its id is still known. */
export const EVENT_STATES = ['waiting', 'delivered', 'skipped', 'dead', 'purged'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** What the queue knows of one event, without its payload. Instants are milliseconds since the epoch. */
export interface EventTrace {
  readonly sequence: number;
  readonly tenant: string;
  readonly id: string;
  readonly type: string;
  readonly root: string;
  readonly state: EventState;
  /** Of its latest failed or skipped try. */
  readonly code?: string;
  readonly tries: number;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  /** When its next try is due; only while it waits after a failed one. */
  readonly retryAtMs?: number;
  readonly endedAtMs?: number;
  /** Its payload is gone: it cannot be replayed any more. */
  readonly forgotten: boolean;
}

/** Which events are meant; what is not named does not matter. */
export interface EventFilter {
  readonly states: readonly EventState[];
  readonly tenant?: string;
  readonly type?: string;
  readonly code?: string;
  readonly root?: string;
  readonly sequences?: readonly number[];
  /** When they ended, or arrived where they still wait. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** Events that ended for the same reason. */
export interface EventGroup {
  readonly tenant: string;
  readonly type: string;
  readonly code?: string;
  readonly events: number;
  /** How many of them have lost their payload. */
  readonly forgotten: number;
}

/** A policy, say, and when it is looked at next. */
export interface RootTrace {
  readonly tenant: string;
  readonly root: string;
  /** Undefined: nothing is planned. */
  readonly dueAtMs?: number;
}

export interface RecordTrace {
  readonly tenant: string;
  readonly key: string;
  /** A hash that stands for the target's account. */
  readonly connection: string;
  readonly confirmed: boolean;
  readonly targetId?: string;
}

export interface PauseTrace {
  readonly tenant: string;
  readonly code: string;
  readonly sinceMs?: number;
}

export interface TenantTrace {
  readonly tenant: string;
  readonly waiting: number;
  /** Of those, how many have failed before. */
  readonly retrying: number;
  readonly oldestReceivedAtMs?: number;
  readonly dead: number;
}

export function toEventTrace(row: Row): EventTrace {
  const state = EVENT_STATES.find((name) => name === row.state) ?? 'waiting';
  const retryAtMs = Number(row.retry_at);
  const endedAtMs = numberOr(row.ended_at, undefined);
  return {
    sequence: Number(row.sequence),
    tenant: String(row.tenant),
    id: String(row.id),
    type: String(row.type),
    root: String(row.root),
    state,
    ...codeIn(row),
    tries: Number(row.tries),
    occurredAtMs: Number(row.occurred_at),
    receivedAtMs: Number(row.received_at),
    ...(state === 'waiting' && retryAtMs > 0 && { retryAtMs }),
    ...(endedAtMs !== undefined && { endedAtMs }),
    forgotten: Boolean(row.forgotten),
  };
}

export function toEventGroup(row: Row): EventGroup {
  return {
    tenant: String(row.tenant),
    type: String(row.type),
    ...codeIn(row),
    events: Number(row.events),
    forgotten: Number(row.forgotten),
  };
}

export function toRootTrace(row: Row): RootTrace {
  const dueAtMs = numberOr(row.due_at, undefined);
  return { tenant: String(row.tenant), root: String(row.root), ...(dueAtMs !== undefined && { dueAtMs }) };
}

export function toRecordTrace(row: Row): RecordTrace {
  return {
    tenant: String(row.tenant),
    key: String(row.key),
    connection: String(row.connection),
    confirmed: Boolean(row.confirmed),
    ...(typeof row.target_id === 'string' && { targetId: row.target_id }),
  };
}

export function toPauseTrace(row: Row): PauseTrace {
  const sinceMs = numberOr(row.since, undefined);
  return {
    tenant: String(row.tenant),
    code: String(row.code),
    ...(sinceMs !== undefined && { sinceMs }),
  };
}

function codeIn({ code }: Row): { readonly code?: string } {
  return typeof code === 'string' ? { code } : {};
}
