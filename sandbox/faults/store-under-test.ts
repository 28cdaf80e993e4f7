import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { PostgresServer } from '../postgres/postgres-server.ts';

const run = promisify(execFile);

/** An event as the store has it. */
export interface StoredEvent {
  readonly id: string;
  readonly state: string;
  readonly code: string;
}

/** The queue's store from outside: what is in it, and what can go wrong with it. */
export interface StoreUnderTest {
  events(): Promise<readonly StoredEvent[]>;
  /** From now on nothing more can be stored. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** Every connection of the app is ended. */
  disconnect(): Promise<void>;
  /** The server ends without a word. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** A process has become healthy: which one is it in the store? */
  born(replica: number): Promise<void>;
  /** A process has ended. */
  died(replica: number): Promise<void>;
  close(): Promise<void>;
}

const EVENTS = "SELECT id, state, coalesce(code, '') AS code FROM";
const ARRIVED = "SELECT id, 'waiting' AS state, '' AS code FROM arrivals";
const CHUNKS = [65_536, 4_096];

/** The embedded queue: one file in the app's folder. */
export class SqliteStore implements StoreUnderTest {
  readonly #folder: string;
  readonly #isMounted: boolean;

  private constructor(folder: string, isMounted: boolean) {
    this.#folder = folder;
    this.#isMounted = isMounted;
  }

  /** @param needsSmallDisk the folder gets a file system of its own, which can be filled */
  static async in(folder: string, needsSmallDisk: boolean): Promise<SqliteStore> {
    if (needsSmallDisk) await mountSmallDisk(folder);
    return new SqliteStore(folder, needsSmallDisk);
  }

  async events(): Promise<readonly StoredEvent[]> {
    const file = new DatabaseSync(join(this.#folder, 'queue.sqlite'), { readOnly: true });
    try {
      return file.prepare(`${EVENTS} events UNION ALL ${ARRIVED}`).all().map(toStoredEvent);
    } finally {
      file.close();
    }
  }

  async fill(): Promise<void> {
    const file = openSync(join(this.#folder, 'ballast'), 'a');
    try {
      for (const bytes of CHUNKS) writeUntilFull(file, Buffer.alloc(bytes));
    } finally {
      closeSync(file);
    }
  }

  async makeRoom(): Promise<void> {
    rmSync(join(this.#folder, 'ballast'), { force: true });
  }

  disconnect(): Promise<void> {
    return Promise.reject(new Error('The embedded queue has no connections.'));
  }

  stop(): Promise<void> {
    return this.disconnect();
  }

  restart(): Promise<void> {
    return this.disconnect();
  }

  async born(): Promise<void> {}

  async died(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#isMounted) await run('umount', [this.#folder]);
  }
}

export async function mountSmallDisk(folder: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'tmpfs', folder]);
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    // Not by its class: under the tests' runner Node's own errors are of another one.
    const isFull = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
    if (!isFull) throw error;
  }
}

const TABLES = ['events', 'roots', 'records', 'replicas'].map((table) => `socotra_sync.${table}`);
const FULL_DISK = `
  CREATE OR REPLACE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`;
/** What a replica that was killed leaves behind counts for so long (docs/decisions/0007). */
const REPLICA_LIFE = "interval '30 seconds'";
const MOST_ATTEMPTS = 10;

/** The shared queue: a database of its own in a server of its own. */
export class PostgresStore implements StoreUnderTest {
  readonly #server: PostgresServer;
  readonly #database: string;
  readonly #ids = new Map<string, number>();
  readonly #isImpatient: boolean;

  /** @param isImpatient the half minute after a replica's death is over at once */
  constructor(server: PostgresServer, database: string, isImpatient: boolean) {
    this.#server = server;
    this.#database = database;
    this.#isImpatient = isImpatient;
  }

  async events(): Promise<readonly StoredEvent[]> {
    return (await this.#query(`${EVENTS} socotra_sync.events`)).map(toStoredEvent);
  }

  async fill(): Promise<void> {
    const triggers = TABLES.map(
      (table) => `CREATE OR REPLACE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION public.full_disk()`,
    );
    for (const statement of [FULL_DISK, ...triggers]) await this.#persistently(statement);
  }

  async makeRoom(): Promise<void> {
    for (const table of TABLES) await this.#persistently(`DROP TRIGGER IF EXISTS full_disk ON ${table}`);
  }

  async disconnect(): Promise<void> {
    await this.#query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'socotra-sync'`,
    );
  }

  stop(): Promise<void> {
    return this.#server.stop('immediate');
  }

  restart(): Promise<void> {
    return this.#server.start();
  }

  async born(replica: number): Promise<void> {
    const rows = await this.#query('SELECT id FROM socotra_sync.replicas').catch(() => []);
    for (const { id } of rows) if (!this.#ids.has(String(id))) this.#ids.set(String(id), replica);
  }

  async died(replica: number): Promise<void> {
    if (!this.#isImpatient) return;
    const ids = [...this.#ids].filter(([, owner]) => owner === replica).map(([id]) => id);
    const text = `UPDATE socotra_sync.replicas SET seen_at = seen_at - ${REPLICA_LIFE} WHERE id::text = ANY ($1)`;
    // The server may be away too: then the half minute passes as it does elsewhere.
    await this.#query(text, [ids]).catch(() => undefined);
    for (const id of ids) this.#ids.delete(id);
  }

  async close(): Promise<void> {
    await this.#server.dropDatabase(this.#database);
  }

  #query(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.#server.query(this.#database, text, values);
  }

  /** The app's own transactions may be in the way. */
  async #persistently(text: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#query(text);
        return;
      } catch (error) {
        if (attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }
}

function toStoredEvent({ id, state, code }: Record<string, unknown>): StoredEvent {
  return { id: String(id), state: String(state), code: String(code) };
}
