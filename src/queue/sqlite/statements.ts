import type { DatabaseSync } from 'node:sqlite';
import { SCHEMA_VERSION } from './schema.js';

/** Every statement of the adapter, prepared once. Instants are milliseconds since the epoch. */
export function prepareStatements(database: DatabaseSync) {
  return {
    putInInbox: database.prepare(
      `INSERT INTO inbox (tenant, id, type, root, occurred_at, received_at, rest, rest_max, payload)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    arrivals: database.prepare(
      `SELECT sequence, tenant, id, root, received_at + min(rest, rest_max) AS due_at FROM arrivals ORDER BY sequence`,
    ),
    findEvent: database.prepare('SELECT 1 FROM events WHERE tenant = ? AND id = ?'),
    beginRest: database.prepare('UPDATE roots SET first_at = NULL WHERE tenant = ? AND root = ?'),
    findRoot: database.prepare('SELECT first_at FROM roots WHERE tenant = ? AND root = ?'),
    putRoot: database.prepare(
      `INSERT INTO roots (tenant, root, due_at, first_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (tenant, root) DO UPDATE SET due_at = excluded.due_at, first_at = excluded.first_at`,
    ),
    dueRoots: database.prepare(
      'SELECT root, due_at FROM roots WHERE tenant = ? AND due_at <= ? ORDER BY due_at LIMIT ?',
    ),
    nextDue: database.prepare('SELECT min(due_at) AS due_at FROM roots WHERE tenant = ? AND due_at > ?'),
    waitingEvents: database.prepare(
      `SELECT sequence, id, type, occurred_at, received_at, payload, tries, retry_at FROM events
       WHERE tenant = ? AND root = ? AND state = 'waiting' ORDER BY retry_at, sequence LIMIT ?`,
    ),
    earliestRetry: database.prepare(
      `SELECT min(retry_at) AS due_at FROM events WHERE tenant = ? AND root = ? AND state = 'waiting'`,
    ),
    endEvent: database.prepare('UPDATE events SET state = ?, code = ?, ended_at = ? WHERE sequence = ?'),
    retryEvent: database.prepare('UPDATE events SET tries = ?, retry_at = ?, code = ? WHERE sequence = ?'),
    deleteRoot: database.prepare('DELETE FROM roots WHERE tenant = ? AND root = ?'),
    rescheduleRoot: database.prepare('UPDATE roots SET due_at = ?, first_at = NULL WHERE tenant = ? AND root = ?'),
    setWake: database.prepare('UPDATE roots SET wake_at = ? WHERE tenant = ? AND root = ?'),
    wakeOf: database.prepare('SELECT wake_at FROM roots WHERE tenant = ? AND root = ?'),
    moveEvents: database.prepare(`UPDATE events SET root = ?3 WHERE tenant = ?1 AND root = ?2 AND state = 'waiting'`),
    // Only retries are hurried: a fresh event keeps the rest that Core asks for, and time cannot be hurried.
    makeDue: database.prepare(
      `UPDATE roots SET due_at = min(due_at, ?1) WHERE tenant = ?2 AND first_at IS NULL
         AND EXISTS (SELECT 1 FROM events WHERE tenant = ?2 AND events.root = roots.root AND state = 'waiting')`,
    ),
    firstDueWithEvents: database.prepare(
      `SELECT min(due_at) AS due_at FROM roots WHERE tenant = ?1
         AND EXISTS (SELECT 1 FROM events WHERE tenant = ?1 AND events.root = roots.root AND state = 'waiting')`,
    ),
    findCursor: database.prepare('SELECT cursor FROM cursors WHERE tenant = ?'),
    putCursor: database.prepare(
      'INSERT INTO cursors (tenant, cursor) VALUES (?, ?) ON CONFLICT (tenant) DO UPDATE SET cursor = excluded.cursor',
    ),
    putRecord: database.prepare(
      `INSERT INTO records (tenant, connection, key, revision, content_hash, confirmed, target_id, root)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (tenant, connection, key) DO UPDATE SET revision = excluded.revision,
         content_hash = excluded.content_hash, confirmed = excluded.confirmed, root = excluded.root,
         target_id = coalesce(excluded.target_id, target_id)`,
    ),
    findRecords: database.prepare(
      `SELECT key, revision, content_hash, confirmed, target_id FROM records
       WHERE tenant = ? AND connection = ? AND key IN (SELECT value FROM json_each(?))`,
    ),
    // Most syncs learn nothing new: then nothing is written.
    putRecordRoot: database.prepare(
      `INSERT INTO record_roots (tenant, key, root) VALUES (?, ?, ?)
       ON CONFLICT (tenant, key) DO UPDATE SET root = excluded.root WHERE root <> excluded.root`,
    ),
    findRecordRoot: database.prepare('SELECT root FROM record_roots WHERE tenant = ? AND key = ?'),
    overdue: database.prepare(
      `WITH RECURSIVE tenants (tenant) AS (
         SELECT min(tenant) FROM roots
         UNION ALL
         SELECT (SELECT min(tenant) FROM roots WHERE tenant > tenants.tenant) FROM tenants WHERE tenant IS NOT NULL)
       SELECT tenant, (SELECT min(due_at) FROM roots WHERE roots.tenant = tenants.tenant) AS due_at
       FROM tenants WHERE tenant IS NOT NULL AND due_at < ? ORDER BY due_at, tenant LIMIT ?`,
    ),
    backlogOfTenant: database.prepare(
      `SELECT (SELECT count(*) FROM events WHERE tenant = ?1 AND state = 'waiting') AS waiting,
              (SELECT count(*) FROM events WHERE tenant = ?1 AND state = 'dead') AS dead`,
    ),
    backlog: database.prepare(
      `SELECT (SELECT count(*) FROM events WHERE state = 'waiting') AS waiting,
              (SELECT count(*) FROM events WHERE state = 'dead') AS dead`,
    ),
    // Every column is in the index of what waits: no event is read for it.
    waitingSpan: database.prepare(
      `SELECT min(sequence) AS first, max(sequence) AS last FROM events WHERE tenant = ? AND state = 'waiting'`,
    ),
    // The conditions are those of the indexes, word for word.
    takeOutOver: database.prepare(
      `DELETE FROM events WHERE sequence IN (
         SELECT sequence FROM events WHERE state IN ('delivered', 'skipped') AND payload <> ''
           AND coalesce(ended_at, received_at) < ? ORDER BY coalesce(ended_at, received_at) LIMIT ?)
       RETURNING sequence, tenant, id, type, root, occurred_at, received_at, state, code, tries, ended_at`,
    ),
    putForgotten: database.prepare(
      `INSERT INTO events (sequence, tenant, id, type, root, occurred_at, received_at, state, code, tries, ended_at, payload)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`,
    ),
    deleteForgotten: database.prepare(
      `DELETE FROM events WHERE sequence IN (
         SELECT sequence FROM events WHERE payload = '' AND state <> 'waiting'
           AND coalesce(ended_at, received_at) < ? ORDER BY coalesce(ended_at, received_at) LIMIT ?)`,
    ),
    freePages: database.prepare('PRAGMA freelist_count'),
    dataVersion: database.prepare('PRAGMA data_version'),
    pauses: database.prepare('SELECT tenant, code FROM pauses'),
    forgetPauses: database.prepare('DELETE FROM pauses WHERE code <> ?'),
    endPauses: database.prepare('DELETE FROM pauses WHERE tenant = ? AND code <> ?'),
    putPause: database.prepare('INSERT OR IGNORE INTO pauses (tenant, code, since) VALUES (?, ?, ?)'),
    probe: database.prepare('SELECT 1 FROM roots LIMIT 1'),
    rewriteVersion: database.prepare(`PRAGMA user_version = ${SCHEMA_VERSION}`),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
