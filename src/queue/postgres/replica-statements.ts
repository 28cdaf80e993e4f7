import { CHANNEL, LIVES, NOT_IN_HAND, statement, TRUST_MS } from './statement.js';

/* What replicas tell each other: who lives, whose leases are over, which tenants rest. */

/**
 * $1 owner, $2 leases it knows of. Any other is of a claim whose answer was lost, or whose release failed: that ends.
 * Answers those that are still the owner's and do not run out while it trusts this answer.
 */
export const KEEP_LEASES = statement(
  'keep-leases',
  `
  WITH lost AS (
    UPDATE socotra_sync.roots SET ${NOT_IN_HAND}
    WHERE lease IS NOT NULL AND lease_owner = $1 AND lease <> ALL ($2::bigint[])
  )
  SELECT lease FROM socotra_sync.roots
  WHERE lease IS NOT NULL AND lease_owner = $1 AND lease = ANY ($2::bigint[])
    AND lease_until > clock_timestamp() + interval '${TRUST_MS} milliseconds'`,
);

export const FIND_REST = statement(
  'find-rest',
  'SELECT hold_until, failures, pause_code, pause_versions, recheck_at, wait FROM socotra_sync.rests WHERE tenant = $1',
);
export const FIND_OPERATOR_PAUSE = statement(
  'find-operator-pause',
  'SELECT since FROM socotra_sync.operator_pauses WHERE tenant = $1',
);
export const FIND_OPERATOR_PAUSES = statement(
  'find-operator-pauses',
  'SELECT tenant FROM socotra_sync.operator_pauses',
);
/** A row that can be locked, so that two replicas change the same rest one after the other. */
export const BEGIN_REST = statement(
  'begin-rest',
  `
  INSERT INTO socotra_sync.rests (tenant, hold_until, failures) VALUES ($1, 0, 0) ON CONFLICT (tenant) DO NOTHING`,
);
export const LOCK_REST = statement('lock-rest', `${FIND_REST.text} FOR UPDATE`);
export const PUT_REST = statement(
  'put-rest',
  `
  INSERT INTO socotra_sync.rests (tenant, hold_until, failures, pause_code, pause_versions, recheck_at, wait)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (tenant) DO UPDATE SET hold_until = excluded.hold_until, failures = excluded.failures,
    pause_code = excluded.pause_code, pause_versions = excluded.pause_versions, recheck_at = excluded.recheck_at,
    wait = excluded.wait`,
);
export const DELETE_REST = statement(
  'delete-rest',
  `
  WITH ended AS (DELETE FROM socotra_sync.rests WHERE tenant = $1 RETURNING 1)
  SELECT pg_notify('${CHANNEL}', '0') FROM ended`,
);

/** $1 id. Says whether it is new here, and how many live. */
export const BEAT = statement(
  'beat',
  `
  WITH own AS (
    INSERT INTO socotra_sync.replicas (id, seen_at) VALUES ($1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at RETURNING xmax = 0 AS is_new
  ), gone AS (
    DELETE FROM socotra_sync.replicas WHERE id <> $1 AND seen_at < clock_timestamp() - interval '1 hour'
  )
  SELECT 1 + (SELECT count(*) FROM socotra_sync.replicas WHERE id <> $1 AND ${LIVES}) AS living,
         CASE WHEN is_new THEN pg_notify('${CHANNEL}', 'replicas') END AS told
  FROM own`,
);
export const LEAVE = statement(
  'leave',
  `
  WITH left_by AS (DELETE FROM socotra_sync.replicas WHERE id = $1 RETURNING 1)
  SELECT pg_notify('${CHANNEL}', 'replicas') FROM left_by`,
);
