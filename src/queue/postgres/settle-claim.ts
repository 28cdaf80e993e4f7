import type { ClientBase } from 'pg';
import { dueAfterClaim } from '../next-due.js';
import type { ClaimedRoot, Settlement, SettleTimes } from '../queue.js';
import { numberOr, type Row } from '../rows.js';
import {
  DELETE_ROOT,
  EARLIEST_RETRY,
  END_EVENTS,
  LOCK_CLAIM,
  MOVE_EVENTS,
  PUT_RECORD_ROOTS,
  PUT_RECORDS,
  RESCHEDULE_ROOT,
  RETRY_EVENTS,
  TOUCH_MOVED,
} from './statements.js';

/** Stores a settlement if the claim still has its root; within a transaction. @returns false when it has not. */
export async function settleClaim(client: ClientBase, claim: ClaimedRoot, settlement: Settlement): Promise<boolean> {
  const held = await lockClaim(client, claim);
  if (held === undefined) return false;
  const { tenant, root } = claim;
  const { ended, retried } = settlement;
  if (ended.length > 0) {
    const columns = [ended.map(({ sequence }) => sequence), ended.map(({ end }) => end), ended.map(codeOf)];
    await client.query(END_EVENTS, [...columns, settlement.nowMs]);
  }
  if (retried.length > 0) {
    await client.query(RETRY_EVENTS, [
      retried.map(({ sequence }) => sequence),
      retried.map(({ tries }) => tries),
      retried.map(({ retryAtMs }) => retryAtMs),
      retried.map(codeOf),
    ]);
  }
  await putRecords(client, claim, settlement);
  const wakeAtMs = settlement.wake ? wakeOf(settlement.wake) : numberOr(held.wake_at, undefined);
  const dueAtMs = held.touched === true ? 'as the event has set it' : await dueAgainAtMs(client, claim, held, wakeAtMs);
  if (dueAtMs === undefined) await client.query(DELETE_ROOT, [tenant, root]);
  else await client.query(RESCHEDULE_ROOT, [tenant, root, wakeAtMs, typeof dueAtMs === 'number' ? dueAtMs : null]);
  return true;
}

/** Stores what is about to be sent if the claim still has its root; within a transaction. @returns false when it has not. */
export async function announceFor(
  client: ClientBase,
  claim: ClaimedRoot,
  records: Settlement['records'],
): Promise<boolean> {
  if ((await lockClaim(client, claim)) === undefined) return false;
  await putRecords(client, claim, { records, places: [] });
  return true;
}

/** Puts the events of a claim under another root, and ends the claim; within a transaction. */
export async function moveClaim(
  client: ClientBase,
  claim: ClaimedRoot,
  to: { readonly root: string; readonly dueAtMs: number },
  { settleMs, settleMaxMs }: SettleTimes,
): Promise<boolean> {
  const { tenant, root } = claim;
  if ((await lockClaim(client, claim)) === undefined) return false;
  await client.query(MOVE_EVENTS, [tenant, root, to.root]);
  await client.query(DELETE_ROOT, [tenant, root]);
  await client.query(TOUCH_MOVED, [tenant, to.root, to.dueAtMs - settleMs, settleMs, settleMaxMs]);
  return true;
}

async function lockClaim(client: ClientBase, { tenant, root, lease }: ClaimedRoot): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(LOCK_CLAIM, [tenant, root, lease]);
  return rows[0];
}

async function dueAgainAtMs(
  client: ClientBase,
  { tenant, root }: ClaimedRoot,
  held: Row,
  wakeAtMs: number | undefined,
): Promise<number | undefined> {
  const { rows } = await client.query<Row>(EARLIEST_RETRY, [tenant, root]);
  return dueAfterClaim(Number(held.claimed_at), numberOr(rows[0]?.due_at, undefined), wakeAtMs);
}

async function putRecords(
  client: ClientBase,
  { tenant, root }: ClaimedRoot,
  settlement: Pick<Settlement, 'records' | 'places'>,
): Promise<void> {
  // One statement cannot write a row twice; of two the last counts.
  const records = [
    ...new Map(settlement.records.map((one) => [JSON.stringify([one.connection, one.key]), one])).values(),
  ];
  const places = [...new Map(settlement.places.map((one) => [one.key, one])).values()];
  if (records.length > 0) {
    await client.query(PUT_RECORDS, [
      tenant,
      records.map(({ connection }) => connection),
      records.map(({ key }) => key),
      records.map(({ revision }) => revision),
      records.map(({ contentHash }) => contentHash),
      records.map(({ confirmed }) => confirmed),
      records.map(({ targetId }) => targetId ?? null),
      root,
    ]);
  }
  if (places.length > 0) {
    await client.query(PUT_RECORD_ROOTS, [tenant, places.map(({ key }) => key), places.map((place) => place.root)]);
  }
}

function codeOf({ code }: { readonly code?: string }): string | null {
  return code ?? null;
}

function wakeOf(wake: Exclude<Settlement['wake'], undefined>): number | undefined {
  return wake === 'never' ? undefined : wake.atMs;
}
