import type { ClientBase } from 'pg';
import { QueueOpenError } from '../queue.js';

/** Everything of ours is in a schema of its own, so that the database may serve others too. */
const FIRST_TABLES = `
  CREATE TABLE socotra_sync.events (
    sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant      text NOT NULL,
    id          text NOT NULL,
    type        text NOT NULL,
    root        text NOT NULL,
    occurred_at bigint NOT NULL,
    received_at bigint NOT NULL,
    payload     text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    code        text,
    tries       integer NOT NULL DEFAULT 0,
    retry_at    bigint NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
  );
  -- In the order of claiming: what was never tried first, then the earliest retry.
  CREATE INDEX events_waiting ON socotra_sync.events (tenant, root, retry_at, sequence) WHERE state = 'waiting';
  CREATE INDEX events_dead ON socotra_sync.events (tenant, sequence) WHERE state = 'dead';

  -- One row per root that has work, now or later. first_at: the oldest event that has not been handed out yet; null: only
  -- retries wait, or nothing but time. wake_at: when it is due although no event comes.
  -- lease: who has it in hand, null: nobody; a number that only grows, so it is also the fence against late workers.
  -- lease_until is measured by the database's clock; claimed_at by the claimant's. touched: an event came after the claim.
  CREATE TABLE socotra_sync.roots (
    tenant      text NOT NULL,
    root        text NOT NULL,
    due_at      bigint NOT NULL,
    first_at    bigint,
    wake_at     bigint,
    lease       bigint,
    lease_owner uuid,
    lease_until timestamptz,
    claimed_at  bigint,
    touched     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, root)
  );
  CREATE INDEX roots_due ON socotra_sync.roots (tenant, due_at);
  CREATE INDEX roots_in_hand ON socotra_sync.roots (tenant) WHERE lease IS NOT NULL;
  CREATE SEQUENCE socotra_sync.leases;

  -- What each target was last sent, as a hash: an equal hash needs no call.
  CREATE TABLE socotra_sync.records (
    tenant       text NOT NULL,
    connection   text NOT NULL,
    key          text NOT NULL,
    revision     text NOT NULL,
    content_hash text NOT NULL,
    confirmed    boolean NOT NULL,
    target_id    text,
    PRIMARY KEY (tenant, connection, key)
  );

  -- Where records belong, also those that no target was sent.
  CREATE TABLE socotra_sync.record_roots (
    tenant text NOT NULL,
    key    text NOT NULL,
    root   text NOT NULL,
    PRIMARY KEY (tenant, key)
  );

  -- How far each tenant's event stream was read.
  CREATE TABLE socotra_sync.cursors (
    tenant text PRIMARY KEY,
    cursor text NOT NULL
  );

  -- Tenants that rest, for all replicas. No row: nothing is known against working for it.
  CREATE TABLE socotra_sync.rests (
    tenant         text PRIMARY KEY,
    hold_until     bigint NOT NULL,
    failures       integer NOT NULL,
    pause_code     text,
    pause_versions text[],
    recheck_at     bigint,
    wait           bigint
  );

  -- Who is alive; a lease counts only while its owner is.
  CREATE TABLE socotra_sync.replicas (
    id      uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
  );
`;

/**
 * What operators look up, and how long things are kept. ended_at is null for what an older release ended: it counts from
 * its arrival. payload = '': forgotten, only the event's id is still known. operator_pauses: tenants that an operator has
 * paused, whatever the workers find out.
 */
const OPERATIONS = `
  ALTER TABLE socotra_sync.events ADD COLUMN ended_at bigint;
  CREATE INDEX events_of_root ON socotra_sync.events (tenant, root, sequence);
  CREATE INDEX events_over ON socotra_sync.events (coalesce(ended_at, received_at))
    WHERE state IN ('delivered', 'skipped') AND payload <> '';
  CREATE INDEX events_forgotten ON socotra_sync.events (coalesce(ended_at, received_at)) WHERE payload = '';
  ALTER TABLE socotra_sync.records ADD COLUMN root text;
  CREATE TABLE socotra_sync.operator_pauses (
    tenant text PRIMARY KEY,
    since  bigint NOT NULL
  );
`;

/** The first brings an empty database to schema 1, each other one its predecessor's to the next. Only ever added to. */
const MIGRATIONS = [FIRST_TABLES, OPERATIONS];
/** A database with a greater number was prepared by a newer release. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Older ones are no longer maintained by the PostgreSQL project. */
const OLDEST_SERVER = 130_000;
/** An index over millions of events takes minutes. */
const MIGRATION_MS = 600_000;
/** Any number: whoever boots at the same time waits for it. */
const BOOT_LOCK = 7_362_011;

/**
 * Brings the database to the current tables, in one transaction; of several replicas that boot together one does it.
 * @throws {QueueOpenError} when the server or what it holds cannot serve this release.
 */
export async function prepareDatabase(client: ClientBase): Promise<void> {
  await checkServer(client);
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [BOOT_LOCK]);
  const version = await versionOf(client);
  if (version > SCHEMA_VERSION) {
    throw new QueueOpenError(
      `The queue in DATABASE_URL has schema ${version}, this release knows ${SCHEMA_VERSION}: ` +
        'start the release that prepared it, or use another database.',
    );
  }
  if (version < SCHEMA_VERSION) {
    if (version === 0) {
      await createSchema(client);
      await client.query('CREATE TABLE socotra_sync.schema_version (version integer NOT NULL)');
      await client.query('INSERT INTO socotra_sync.schema_version VALUES (0)');
    }
    await client.query(`SET LOCAL statement_timeout = ${MIGRATION_MS}`);
    // The client has a patience of its own, which the type of a query does not name.
    const migration = { text: MIGRATIONS.slice(version).join(''), query_timeout: MIGRATION_MS };
    await client.query(migration);
    await client.query('UPDATE socotra_sync.schema_version SET version = $1', [SCHEMA_VERSION]);
  }
  await client.query('COMMIT');
}

/** An operator may have made it, for a user who may not make any: then not even the attempt is allowed. */
async function createSchema(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT to_regnamespace('socotra_sync') IS NOT NULL AS present`,
  );
  if (rows[0]?.present !== true) await client.query('CREATE SCHEMA socotra_sync');
}

async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string; encoding: string; standby: boolean }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
            current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`,
  );
  const [server] = rows;
  if (server === undefined) throw new Error('the server did not say what it is');
  if (server.number < OLDEST_SERVER) {
    throw new QueueOpenError(`DATABASE_URL leads to PostgreSQL ${server.version}: version 13 or newer is needed.`);
  }
  if (server.encoding !== 'UTF8') {
    throw new QueueOpenError(
      `The database in DATABASE_URL has the encoding ${server.encoding}: create one with encoding UTF8.`,
    );
  }
  if (server.standby) {
    throw new QueueOpenError('DATABASE_URL leads to a standby, which stores nothing: name the primary server.');
  }
}

/** The number of the tables in the database. 0: nothing of ours is there yet. */
export async function versionOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('socotra_sync.schema_version') IS NOT NULL AS present`,
  );
  if (rows[0]?.present !== true) return 0;
  const { rows: versions } = await client.query<{ version: number }>('SELECT version FROM socotra_sync.schema_version');
  return versions[0]?.version ?? 0;
}
