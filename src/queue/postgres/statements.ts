import { CHANNEL, LIVES, NOT_IN_HAND, statement } from './statement.js';

/** Milliseconds in the parameters and columns are since the epoch by the caller's clock; leases know only the database's. */

/** A lease ends with its time or with its owner. */
const IN_HAND = `(r.lease IS NOT NULL AND r.lease_until > clock_timestamp()
  AND EXISTS (SELECT 1 FROM socotra_sync.replicas WHERE id = r.lease_owner AND ${LIVES}))`;

/** $1 tenants, $2 their versions (null: every pause counts), $3 now. None that an operator has paused; a tenant on probation has one root in hand at most. */
const WANTED = `
  SELECT w.tenant, w.position,
    CASE WHEN rests.pause_code IS NOT NULL AND (w.version IS NULL OR w.version = ANY (rests.pause_versions))
      THEN greatest(rests.hold_until, rests.recheck_at) ELSE coalesce(rests.hold_until, 0) END AS rest_until,
    rests.hold_until, rests.failures, rests.pause_code, rests.pause_versions, rests.recheck_at, rests.wait
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (tenant, version, position)
  LEFT JOIN socotra_sync.rests USING (tenant)
  WHERE NOT EXISTS (SELECT 1 FROM socotra_sync.operator_pauses p WHERE p.tenant = w.tenant)
    AND ((coalesce(rests.failures, 0) = 0 AND rests.pause_code IS NULL)
      OR NOT EXISTS (SELECT 1 FROM socotra_sync.roots r WHERE r.tenant = w.tenant AND ${IN_HAND}))`;

/**
 * $4: tenants at most. Which tenants have something to claim, in their order; if they are fewer, when the next will have.
 * "next" is read row by row, so with a backlog only the first few tenants are looked up.
 */
export const LOOK = statement(
  'look',
  `
  WITH wanted AS MATERIALIZED (${WANTED}), next AS MATERIALIZED (
    SELECT turn.tenant, greatest(first.due_at, turn.rest_until) AS due_at
    FROM (SELECT * FROM wanted ORDER BY position) turn CROSS JOIN LATERAL (
      SELECT r.due_at FROM socotra_sync.roots r WHERE r.tenant = turn.tenant AND NOT ${IN_HAND}
      ORDER BY r.due_at LIMIT 1
    ) first
  ), due AS MATERIALIZED (
    SELECT tenant FROM next WHERE due_at <= $3::bigint LIMIT $4::bigint
  )
  SELECT array(SELECT tenant FROM due) AS tenants,
    CASE WHEN (SELECT count(*) FROM due) < $4::bigint
      THEN (SELECT min(due_at) FROM next WHERE due_at > $3::bigint) END AS next_due_at`,
);

/** $4: owner, $5: length of the lease in ms. Roots that somebody else is just taking are passed over. */
export const CLAIM = statement(
  'claim',
  `
  WITH wanted AS MATERIALIZED (${WANTED}), picked AS MATERIALIZED (
    SELECT wanted.*, free.root, free.due_at FROM wanted CROSS JOIN LATERAL (
      SELECT r.root, r.due_at FROM socotra_sync.roots r
      WHERE r.tenant = wanted.tenant AND r.due_at <= $3::bigint AND NOT ${IN_HAND}
      ORDER BY r.due_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED
    ) free WHERE wanted.rest_until <= $3::bigint
  )
  UPDATE socotra_sync.roots SET lease = nextval('socotra_sync.leases'), lease_owner = $4,
    lease_until = clock_timestamp() + $5::bigint * interval '1 millisecond', claimed_at = $3, touched = false
  FROM picked WHERE roots.tenant = picked.tenant AND roots.root = picked.root
  RETURNING picked.*, roots.lease`,
);

/** $1 tenants, $2 roots, $3 events of each at most. */
export const WAITING_EVENTS = statement(
  'waiting-events',
  `
  SELECT c.position, e.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c (tenant, root, position)
  CROSS JOIN LATERAL (
    SELECT sequence, id, type, occurred_at, received_at, payload, tries, retry_at FROM socotra_sync.events
    WHERE tenant = c.tenant AND root = c.root AND state = 'waiting' ORDER BY retry_at, sequence LIMIT $3
  ) e ORDER BY c.position, e.retry_at, e.sequence`,
);

/** An event that came first after a claim begins a new rest, see the port. `given` is the time of that event. */
const FIRST_AT = `CASE WHEN r.lease IS NOT NULL AND NOT r.touched THEN excluded.first_at
  ELSE coalesce(r.first_at, excluded.first_at) END`;

/**
 * $1–$7: columns of the events, $8 settleMs, $9 settleMaxMs. What is new is stored and its roots are touched, in one
 * statement, so one commit. Answers the positions of the new ones. Roots are locked in one order, against deadlocks.
 */
export const APPEND = statement(
  'append',
  `
  WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
      WITH ORDINALITY AS g (tenant, id, type, root, occurred_at, received_at, payload, position)
  ), stored AS (
    INSERT INTO socotra_sync.events (tenant, id, type, root, occurred_at, received_at, payload)
    SELECT tenant, id, type, root, occurred_at, received_at, payload FROM given ORDER BY position
    ON CONFLICT (tenant, id) DO NOTHING
    RETURNING sequence, tenant, id, root, received_at
  ), bursts AS (
    SELECT tenant, root, (array_agg(received_at ORDER BY sequence))[1] AS first_at,
      (array_agg(received_at ORDER BY sequence DESC))[1] AS last_at
    FROM stored GROUP BY tenant, root
  ), touched AS (
    INSERT INTO socotra_sync.roots AS r (tenant, root, due_at, first_at)
    SELECT tenant, root, least(last_at + $8::bigint, first_at + $9::bigint), first_at FROM bursts ORDER BY tenant, root
    ON CONFLICT (tenant, root) DO UPDATE SET first_at = ${FIRST_AT},
      due_at = least(excluded.due_at, ${FIRST_AT} + $9::bigint), touched = r.lease IS NOT NULL
    RETURNING r.due_at
  ), told AS (
    SELECT pg_notify('${CHANNEL}', min(due_at)::text) AS sent FROM touched HAVING count(*) > 0
  )
  SELECT stored.tenant, stored.id, told.sent IS NULL AS sent FROM stored CROSS JOIN told`,
);

/** $1 tenant, $2 root, $3 lease: the fence. The row is locked until the transaction ends. */
export const LOCK_CLAIM = statement(
  'lock-claim',
  `
  SELECT touched, claimed_at, wake_at FROM socotra_sync.roots
  WHERE tenant = $1 AND root = $2 AND lease = $3 FOR UPDATE`,
);

/** $4: when they ended. */
export const END_EVENTS = statement(
  'end-events',
  `
  UPDATE socotra_sync.events SET state = given.state, code = given.code, ended_at = $4
  FROM unnest($1::bigint[], $2::text[], $3::text[]) AS given (sequence, state, code)
  WHERE events.sequence = given.sequence`,
);

export const RETRY_EVENTS = statement(
  'retry-events',
  `
  UPDATE socotra_sync.events SET tries = given.tries, retry_at = given.retry_at, code = given.code
  FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[]) AS given (sequence, tries, retry_at, code)
  WHERE events.sequence = given.sequence`,
);

/** $1 tenant, $8 root; a policyholder is in several roots, so the rows are locked in one order. */
export const PUT_RECORDS = statement(
  'put-records',
  `
  INSERT INTO socotra_sync.records AS r (tenant, connection, key, revision, content_hash, confirmed, target_id, root)
  SELECT $1, *, $8 FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[])
    AS given (connection, key, revision, content_hash, confirmed, target_id) ORDER BY connection, key
  ON CONFLICT (tenant, connection, key) DO UPDATE SET revision = excluded.revision,
    content_hash = excluded.content_hash, confirmed = excluded.confirmed, root = excluded.root,
    target_id = coalesce(excluded.target_id, r.target_id)`,
);

/** $1 tenant. Most syncs learn nothing new: then nothing is written. */
export const PUT_RECORD_ROOTS = statement(
  'put-record-roots',
  `
  INSERT INTO socotra_sync.record_roots AS r (tenant, key, root)
  SELECT $1, * FROM unnest($2::text[], $3::text[]) AS given (key, root) ORDER BY key
  ON CONFLICT (tenant, key) DO UPDATE SET root = excluded.root WHERE r.root <> excluded.root`,
);

export const EARLIEST_RETRY = statement(
  'earliest-retry',
  `
  SELECT min(retry_at) AS due_at FROM socotra_sync.events WHERE tenant = $1 AND root = $2 AND state = 'waiting'`,
);

export const DELETE_ROOT = statement('delete-root', 'DELETE FROM socotra_sync.roots WHERE tenant = $1 AND root = $2');

/** $3 wake_at, $4 due_at; null: as the event has set it that came meanwhile. */
export const RESCHEDULE_ROOT = statement(
  'reschedule-root',
  `
  UPDATE socotra_sync.roots SET wake_at = $3, due_at = coalesce($4, due_at),
    first_at = CASE WHEN $4::bigint IS NULL THEN first_at END, ${NOT_IN_HAND}
  WHERE tenant = $1 AND root = $2`,
);

export const MOVE_EVENTS = statement(
  'move-events',
  `
  UPDATE socotra_sync.events SET root = $3 WHERE tenant = $1 AND root = $2 AND state = 'waiting'`,
);

/** $3 the time that counts as its event, $4 settleMs, $5 settleMaxMs. A root with fresh events keeps the rest these need. */
export const TOUCH_MOVED = statement(
  'touch-moved',
  `
  INSERT INTO socotra_sync.roots AS r (tenant, root, due_at, first_at)
  VALUES ($1, $2, $3::bigint + least($4::bigint, $5::bigint), $3::bigint)
  ON CONFLICT (tenant, root) DO UPDATE SET first_at = ${FIRST_AT}, due_at = least(excluded.due_at, ${FIRST_AT} + $5::bigint),
    touched = r.lease IS NOT NULL
  WHERE r.first_at IS NULL`,
);

/** $4: due at. */
export const RELEASE = statement(
  'release',
  `
  UPDATE socotra_sync.roots SET due_at = CASE WHEN touched THEN due_at ELSE $4 END,
    first_at = CASE WHEN touched THEN first_at END, ${NOT_IN_HAND}
  WHERE tenant = $1 AND root = $2 AND lease = $3`,
);

/** Only retries are hurried: a fresh event keeps the rest that Core asks for, and time cannot be hurried. */
export const MAKE_DUE = statement(
  'make-due',
  `
  WITH hurried AS (
    UPDATE socotra_sync.roots SET due_at = least(due_at, $2) WHERE tenant = $1 AND first_at IS NULL
      AND EXISTS (SELECT 1 FROM socotra_sync.events WHERE tenant = $1 AND events.root = roots.root AND state = 'waiting')
    RETURNING 1
  )
  SELECT pg_notify('${CHANNEL}', $2::bigint::text) FROM hurried HAVING count(*) > 0`,
);
/** The roots are looked at one by one from the first on; EXISTS would be a join with all that waits for the tenant. */
export const FIRST_DUE_WITH_EVENTS = statement(
  'first-due-with-events',
  `
  SELECT r.due_at FROM socotra_sync.roots r CROSS JOIN LATERAL (
    SELECT 1 FROM socotra_sync.events e WHERE e.tenant = r.tenant AND e.root = r.root AND e.state = 'waiting' LIMIT 1
  ) waiting
  WHERE r.tenant = $1 ORDER BY r.due_at LIMIT 1`,
);

export const FIND_CURSOR = statement('find-cursor', 'SELECT cursor FROM socotra_sync.cursors WHERE tenant = $1');
export const PUT_CURSOR = statement(
  'put-cursor',
  `
  INSERT INTO socotra_sync.cursors (tenant, cursor) VALUES ($1, $2)
  ON CONFLICT (tenant) DO UPDATE SET cursor = excluded.cursor`,
);

export const FIND_RECORDS = statement(
  'find-records',
  `
  SELECT key, revision, content_hash, confirmed, target_id FROM socotra_sync.records
  WHERE tenant = $1 AND connection = $2 AND key = ANY ($3::text[])`,
);
export const FIND_RECORD_ROOT = statement(
  'find-record-root',
  `
  SELECT r.root FROM unnest($2::text[]) WITH ORDINALITY AS asked (key, position)
  JOIN socotra_sync.record_roots r ON r.tenant = $1 AND r.key = asked.key ORDER BY asked.position LIMIT 1`,
);

/** $1 due before when, $2 how many tenants at most; with how they rest. */
export const OVERDUE = statement(
  'overdue',
  `
  WITH RECURSIVE tenants (tenant) AS (
    SELECT min(tenant) FROM socotra_sync.roots
    UNION ALL
    SELECT (SELECT min(tenant) FROM socotra_sync.roots r WHERE r.tenant > tenants.tenant)
    FROM tenants WHERE tenants.tenant IS NOT NULL
  ), late AS MATERIALIZED (
    SELECT tenants.tenant, first.due_at FROM tenants CROSS JOIN LATERAL (
      SELECT r.due_at FROM socotra_sync.roots r WHERE r.tenant = tenants.tenant ORDER BY r.due_at LIMIT 1
    ) first WHERE first.due_at < $1::bigint
  )
  SELECT late.tenant, late.due_at, rests.hold_until, rests.failures, rests.pause_code, rests.pause_versions,
    rests.recheck_at, rests.wait, p.tenant IS NOT NULL AS is_stopped
  FROM late LEFT JOIN socotra_sync.rests USING (tenant) LEFT JOIN socotra_sync.operator_pauses p USING (tenant)
  ORDER BY late.due_at, late.tenant LIMIT $2`,
);

/** Only what waits or is dead is looked at, by an index of its own: the ended events are many more. */
const backlogWhere = (condition: string) => `
  SELECT (SELECT count(*) FROM socotra_sync.events WHERE state = 'waiting' ${condition}) AS waiting,
         (SELECT count(*) FROM socotra_sync.events WHERE state = 'dead' ${condition}) AS dead`;
export const BACKLOG = statement('backlog', backlogWhere(''));
export const BACKLOG_OF_TENANT = statement('backlog-of-tenant', backlogWhere('AND tenant = $1'));

/** The sums keep the server from looking for the ends along all events, of which it would read what has ended too. */
export const WAITING_SPAN = statement(
  'waiting-span',
  `
  SELECT min(sequence + 0) AS first, max(sequence + 0) AS last FROM socotra_sync.events
  WHERE tenant = $1 AND state = 'waiting'`,
);

/** $1 before when, $2 how many at most. What another replica is just forgetting is passed over. */
export const FORGET_PAYLOADS = statement(
  'forget-payloads',
  `
  WITH over AS (
    SELECT sequence FROM socotra_sync.events
    WHERE state IN ('delivered', 'skipped') AND payload <> '' AND coalesce(ended_at, received_at) < $1
    ORDER BY coalesce(ended_at, received_at) LIMIT $2 FOR UPDATE SKIP LOCKED
  ), emptied AS (
    UPDATE socotra_sync.events SET payload = '' FROM over WHERE events.sequence = over.sequence RETURNING 1
  )
  SELECT count(*) AS changed FROM emptied`,
);
export const DELETE_FORGOTTEN = statement(
  'delete-forgotten',
  `
  WITH over AS (
    SELECT sequence FROM socotra_sync.events
    WHERE payload = '' AND state <> 'waiting' AND coalesce(ended_at, received_at) < $1
    ORDER BY coalesce(ended_at, received_at) LIMIT $2 FOR UPDATE SKIP LOCKED
  ), deleted AS (
    DELETE FROM socotra_sync.events USING over WHERE events.sequence = over.sequence RETURNING 1
  )
  SELECT count(*) AS changed FROM deleted`,
);

export const PROBE = statement('probe', 'SELECT 1');
