import type { ClientBase } from 'pg';
import { QueueUnavailableError } from '../queue.js';
import { numberOr, type Row } from '../rows.js';
import type { TenantRest } from '../tenant-rest.js';
import { BEGIN_REST, DELETE_REST, LOCK_REST, PUT_REST } from './replica-statements.js';

/** Each time somebody else must have ended the rest within the same milliseconds. */
const MOST_BEGINNINGS = 10;

/** Changes a tenant's rest while no other replica can; within a transaction. @returns the rest before */
export async function changeRest(
  client: ClientBase,
  tenant: string,
  change: (rest: TenantRest | undefined) => TenantRest | undefined,
): Promise<TenantRest | undefined> {
  const before = toTenantRest(await lockRest(client, tenant));
  const after = change(before);
  if (after === undefined) await client.query(DELETE_REST, [tenant]);
  else {
    const { holdUntilMs, failures, pause } = after;
    const columns = [pause?.code, pause?.versions, pause?.recheckAtMs, pause?.waitMs];
    await client.query(PUT_REST, [tenant, holdUntilMs, failures, ...columns]);
  }
  return before;
}

/** A row that was there may be gone when its lock is given: whoever had it has ended the rest. Then nothing is locked. */
async function lockRest(client: ClientBase, tenant: string): Promise<Row> {
  for (let beginnings = 1; beginnings <= MOST_BEGINNINGS; beginnings++) {
    await client.query(BEGIN_REST, [tenant]);
    const { rows } = await client.query<Row>(LOCK_REST, [tenant]);
    if (rows[0]) return rows[0];
  }
  throw new QueueUnavailableError('How a tenant rests changes all the time.');
}

/** Undefined for a row that says nothing: of a tenant that never rested, or one that was begun just now. */
export function toTenantRest(row: Row): TenantRest | undefined {
  const holdUntilMs = numberOr(row.hold_until, 0);
  const failures = numberOr(row.failures, 0);
  const { pause_code: code, pause_versions: versions } = row;
  if (typeof code !== 'string') return holdUntilMs > 0 || failures > 0 ? { holdUntilMs, failures } : undefined;
  const pause = {
    code,
    versions: Array.isArray(versions) ? versions.map(String) : [],
    recheckAtMs: Number(row.recheck_at),
    waitMs: Number(row.wait),
  };
  return { holdUntilMs, failures, pause };
}
