import { setTimeout as sleep } from 'node:timers/promises';
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
  ALTER TABLE socotra_sync.events ADD COLUMN IF NOT EXISTS ended_at bigint;
  ALTER TABLE socotra_sync.records ADD COLUMN IF NOT EXISTS root text;
  CREATE TABLE IF NOT EXISTS socotra_sync.operator_pauses (
    tenant text PRIMARY KEY,
    since  bigint NOT NULL
  );
`;
const OPERATIONS_INDEXES = {
  events_of_root: 'socotra_sync.events (tenant, root, sequence)',
  events_over: `socotra_sync.events (coalesce(ended_at, received_at))
    WHERE state IN ('delivered', 'skipped') AND payload <> ''`,
  events_forgotten: `socotra_sync.events (coalesce(ended_at, received_at)) WHERE payload = ''`,
};

/** One step from a schema to the next, while replicas of the release before go on accepting and syncing. */
interface Migration {
  /** Locks nothing for longer than an instant, and can be run again when it was cut off. */
  readonly tables: string;
  /** On what each index is, by its name: built concurrently, because over millions of events that takes minutes. */
  readonly indexes: Readonly<Record<string, string>>;
}

/** The first brings an empty database to schema 1, each other one its predecessor's to the next. Only ever added to. */
const MIGRATIONS: readonly Migration[] = [
  { tables: FIRST_TABLES, indexes: {} },
  { tables: OPERATIONS, indexes: OPERATIONS_INDEXES },
];
/** A database with a greater number was prepared by a newer release. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Older ones are no longer maintained by the PostgreSQL project. */
const OLDEST_SERVER = 130_000;
/** An index over many millions of events takes minutes. */
const MIGRATION_MS = 600_000;
/** Any number: whoever boots at the same time waits for it. */
const BOOT_LOCK = 7_362_011;
const ASK_AGAIN_MS = 50;

/**
 * Brings the database to the current tables; of several replicas that boot together one does it.
 *
 * @param client a connection for this alone, closed afterwards: it keeps the lock and the patience that it is given
 * @throws {QueueOpenError} when the server or what it holds cannot serve this release.
 */
export async function prepareDatabase(client: ClientBase): Promise<void> {
  await checkServer(client);
  await lockBoot(client);
  const version = await versionOf(client);
  if (version > SCHEMA_VERSION) {
    throw new QueueOpenError(
      `The queue in DATABASE_URL has schema ${version}, this release knows ${SCHEMA_VERSION}: ` +
        'start the release that prepared it, or use another database.',
    );
  }
  if (version === SCHEMA_VERSION) return;
  await client.query(`SET statement_timeout = ${MIGRATION_MS}`);
  if (version === 0) return createTables(client);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index >= version) await migrate(client, migration, index + 1);
  }
}

/** Asks again and again: a statement that waits would itself be waited for by an index that is built concurrently. */
async function lockBoot(client: ClientBase): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < MIGRATION_MS; await sleep(ASK_AGAIN_MS)) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [BOOT_LOCK]);
    if (rows[0]?.taken === true) return;
  }
  throw new QueueOpenError('Another replica prepares the database in DATABASE_URL for too long: see its log.');
}

/** In a new database nobody is waiting: all of it in one transaction. */
async function createTables(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
  await createSchema(client);
  for (const { tables, indexes } of MIGRATIONS) {
    await client.query(tables);
    for (const [name, on] of Object.entries(indexes)) await client.query(`CREATE INDEX ${name} ON ${on}`);
  }
  await client.query('CREATE TABLE socotra_sync.schema_version (version integer NOT NULL)');
  await client.query('INSERT INTO socotra_sync.schema_version VALUES ($1)', [SCHEMA_VERSION]);
  await client.query('COMMIT');
}

async function migrate(client: ClientBase, { tables, indexes }: Migration, version: number): Promise<void> {
  await patiently(client, tables);
  for (const [name, on] of Object.entries(indexes)) {
    // One that was cut off while it was built is there, but of no use.
    const { rows } = await client.query(
      `SELECT FROM pg_index WHERE indexrelid = to_regclass('socotra_sync.${name}') AND NOT indisvalid`,
    );
    if (rows.length > 0) await patiently(client, `DROP INDEX CONCURRENTLY socotra_sync.${name}`);
    await patiently(client, `CREATE INDEX CONCURRENTLY IF NOT EXISTS ${name} ON ${on}`);
  }
  await client.query('UPDATE socotra_sync.schema_version SET version = $1', [version]);
}

async function patiently(client: ClientBase, text: string): Promise<void> {
  // The client has a patience of its own, which the type of a query does not name.
  const query = { text, query_timeout: MIGRATION_MS };
  await client.query(query);
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
