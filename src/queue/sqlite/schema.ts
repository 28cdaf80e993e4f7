import type { DatabaseSync } from 'node:sqlite';
import { QueueOpenError } from '../queue.js';

const FIRST_TABLES = `
  CREATE TABLE events (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    type        TEXT NOT NULL,
    root        TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting',
    code        TEXT,
    tries       INTEGER NOT NULL DEFAULT 0,
    retry_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
  ) STRICT;
  -- In the order of claiming: what was never tried first, then the earliest retry.
  CREATE INDEX events_waiting ON events (tenant, root, retry_at, sequence) WHERE state = 'waiting';
  CREATE INDEX events_dead ON events (tenant, sequence) WHERE state = 'dead';

  -- One row per root that has work, now or later. first_at: the oldest event that has not been handed out yet; null: only
  -- retries wait, or nothing but time. wake_at: when it is due although no event comes.
  CREATE TABLE roots (
    tenant   TEXT NOT NULL,
    root     TEXT NOT NULL,
    due_at   INTEGER NOT NULL,
    first_at INTEGER,
    wake_at  INTEGER,
    PRIMARY KEY (tenant, root)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX roots_due ON roots (tenant, due_at);

  -- What each target was last sent, as a hash: an equal hash needs no call.
  CREATE TABLE records (
    tenant       TEXT NOT NULL,
    connection   TEXT NOT NULL,
    key          TEXT NOT NULL,
    revision     TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    confirmed    INTEGER NOT NULL,
    target_id    TEXT,
    PRIMARY KEY (tenant, connection, key)
  ) STRICT, WITHOUT ROWID;

  -- How far each tenant's event stream was read.
  CREATE TABLE cursors (
    tenant TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Where records belong. Not a column of `records`: a bill is to be found again also where the tenant's profile sends no
 * bills, and what has not changed is not sent again. What an older file knows of is learnt with the next sync.
 */
const RECORD_ROOTS = `
  CREATE TABLE record_roots (
    tenant TEXT NOT NULL,
    key    TEXT NOT NULL,
    root   TEXT NOT NULL,
    PRIMARY KEY (tenant, key)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * What operators look up, and how long things are kept. ended_at is null for what an older release ended: it counts from
 * its arrival. payload = '': forgotten, only the event's id is still known.
 * pauses: for operators to read, and theirs to write; what the worker goes by is in memory, and a row of its own is gone
 * after a restart, as its memory is.
 */
const OPERATIONS = `
  ALTER TABLE events ADD COLUMN ended_at INTEGER;
  CREATE INDEX events_of_root ON events (tenant, root, sequence);
  CREATE INDEX events_over ON events (coalesce(ended_at, received_at))
    WHERE state IN ('delivered', 'skipped') AND payload <> '';
  CREATE INDEX events_forgotten ON events (coalesce(ended_at, received_at)) WHERE payload = '';
  ALTER TABLE records ADD COLUMN root TEXT;
  CREATE TABLE pauses (
    tenant TEXT NOT NULL,
    code   TEXT NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (tenant, code)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Where events arrive: nothing but rows one after another, so that accepting writes few pages. What they mean for the
 * other tables and their indexes is written in bulk (`inbox.ts`), by whoever comes first: so each row says how long its
 * root is to rest. The numbers went on where those of `events` ended, which were the same at first.
 */
const INBOX = `
  CREATE TABLE inbox (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    type        TEXT NOT NULL,
    root        TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    rest        INTEGER NOT NULL,
    rest_max    INTEGER NOT NULL,
    payload     TEXT NOT NULL
  ) STRICT;
  INSERT INTO sqlite_sequence (name, seq) SELECT 'inbox', max(sequence) FROM events HAVING max(sequence) > 0;
`;

/**
 * What waits is found by its root in `events_waiting`, what has ended here: an arriving event changes one index less, for
 * which its sender would wait, and an ending one has to leave the other anyway.
 */
const ENDED_OF_ROOT = `
  DROP INDEX events_of_root;
  CREATE INDEX events_of_root ON events (tenant, root, sequence) WHERE state <> 'waiting';
`;

/**
 * Arrivals are filed tenant by tenant, and a row that is filed goes when those before it are: so its tenant says how far
 * it is filed.
 */
const FILED = `
  CREATE TABLE filed (
    tenant  TEXT PRIMARY KEY,
    through INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE VIEW arrivals AS
    SELECT inbox.* FROM inbox LEFT JOIN filed ON filed.tenant = inbox.tenant
    WHERE inbox.sequence > coalesce(filed.through, 0);
`;

/** The first brings an empty file to schema 1, each other one its predecessor's to the next. Only ever added to. */
const MIGRATIONS = [FIRST_TABLES, RECORD_ROOTS, OPERATIONS, INBOX, ENDED_OF_ROOT, FILED];
/** A file with a greater number was written by a newer release. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** How long this process waits for a lock that an operator's command holds. */
export const BUSY_TIMEOUT_MS = 5_000;

/** A long read by an operator keeps the log growing; afterwards it is cut to this, and its normal size is a quarter. */
const WAL_BYTES_KEPT = 16_777_216;

const INCREMENTAL = 2;
/** Written anew in a second on a laptop, and in some where the processor has a tenth of its speed; nothing is answered meanwhile. */
const MOST_BYTES_REBUILT = 67_108_864;

/**
 * Brings an opened file to the current tables and settings.
 * @throws {QueueOpenError} when the file was written by a newer release.
 */
export function prepareDatabase(database: DatabaseSync): void {
  // Deleted pages can be given back one by one. Of a new file this must be said before anything is written into it.
  // A commit does not flush the log (NORMAL): that is done beside the event loop, see DiskFlush and Checkpoints. What is
  // forgotten is overwritten, not only given free.
  database.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}; PRAGMA secure_delete = ON;
  `);
  const version = versionOf(database);
  if (version < 0 || version > SCHEMA_VERSION) {
    throw new QueueOpenError(
      `The queue file in DATA_DIR has schema ${version}, this release knows ${SCHEMA_VERSION}: ` +
        'start the release that wrote it, or move the file away to begin with an empty queue.',
    );
  }
  if (version < SCHEMA_VERSION) {
    const steps = MIGRATIONS.slice(version).join('');
    database.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
  }
  if (numberIn(database, 'auto_vacuum') !== INCREMENTAL) rebuild(database);
  // Only now: a new index is sorted there, and VACUUM has the whole file there.
  database.exec('PRAGMA temp_store = MEMORY;');
}

/** The number of the tables in the file; 0: it is empty. */
export function versionOf(database: DatabaseSync): number {
  return numberIn(database, 'user_version');
}

function numberIn(database: DatabaseSync, pragma: string): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0);
}

/** A file of an older release cannot give space back until it was written anew once; what is free in it is used again. */
function rebuild(database: DatabaseSync): void {
  if (numberIn(database, 'page_count') * numberIn(database, 'page_size') > MOST_BYTES_REBUILT) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
  } catch {
    // The disk has no room for a second copy, or somebody reads: the file works as it is, and the next start tries again.
  }
}
