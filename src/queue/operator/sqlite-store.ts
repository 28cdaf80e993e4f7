import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueOpenError } from '../queue.js';
import { MOST_FILED_AT_ONCE, prepareFiling } from '../sqlite/inbox.js';
import { OwnerLock } from '../sqlite/owner-lock.js';
import { refusalOf } from '../sqlite/refusals.js';
import { SCHEMA_VERSION, versionOf } from '../sqlite/schema.js';
import { PAUSED_BY_OPERATOR } from '../tenant-rest.js';
import type { OperatorStore, RunSql, StoreFacts } from './operator-store.js';
import { type PauseTrace, toPauseTrace } from './traces.js';

/** The app, if it waits for the lock, looks for it again after longer and longer, in the end after a tenth of a second. */
const APP_WRITES_MS = 100;

/**
 * The queue file beside the running app, which alone owns the roots. What is written here the app notices with its next
 * claim (`PRAGMA data_version`); it waits for a lock that is held here, so nothing is held for long.
 */
export class SqliteStore implements OperatorStore {
  readonly schema = '';

  private constructor(
    private readonly database: DatabaseSync,
    private readonly folder: string,
  ) {}

  /** @throws {QueueOpenError} when there is no queue of this release in `folder`. */
  static open(folder: string): SqliteStore {
    const path = join(folder, 'queue.sqlite');
    if (!existsSync(path)) {
      throw new QueueOpenError(
        'There is no queue.sqlite in DATA_DIR: set it to the folder of the app, or DATABASE_URL.',
      );
    }
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      // The log is the app's to bring into the file: that takes longer than a transaction here.
      database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;');
      checkVersion(versionOf(database));
      return new SqliteStore(database, folder);
    } catch (cause) {
      database?.close();
      throw refusalOf(cause);
    }
  }

  /**
   * What has just come, and what a killed app has left; the app itself files it when it needs it. In steps, between
   * which the app can write.
   */
  async fileArrivals(): Promise<void> {
    try {
      const oldest = this.database.prepare('SELECT sequence FROM arrivals ORDER BY sequence LIMIT ?');
      const newest = Number(this.database.prepare('SELECT max(sequence) AS newest FROM inbox').get()?.newest);
      for (;;) {
        const sequences = oldest.all(MOST_FILED_AT_ONCE).map(({ sequence }) => Number(sequence));
        if (sequences.length === 0 || Number(sequences[0]) > newest) return;
        this.file(sequences);
        if (sequences.length < MOST_FILED_AT_ONCE) return;
        await sleep(APP_WRITES_MS);
      }
    } catch (cause) {
      throw refusalOf(cause);
    }
  }

  private file(sequences: readonly number[]): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      prepareFiling(this.database)(sequences);
      this.database.exec('COMMIT');
    } finally {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    }
  }

  readonly run: RunSql = async (text, values = []) => {
    try {
      return this.database.prepare(text).all(...values);
    } catch (cause) {
      throw refusalOf(cause);
    }
  };

  async transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T> {
    await this.run('BEGIN IMMEDIATE');
    try {
      const result = await work(this.run);
      await this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  async tell(): Promise<void> {}

  async facts(): Promise<StoreFacts> {
    const [page] = await this.run('SELECT page_size FROM pragma_page_size');
    const [free] = await this.run('SELECT freelist_count FROM pragma_freelist_count');
    const sizes = ['queue.sqlite', 'queue.sqlite-wal'].map(
      (name) => statSync(join(this.folder, name), { throwIfNoEntry: false })?.size ?? 0,
    );
    return {
      kind: 'sqlite',
      running: OwnerLock.isHeld(join(this.folder, 'queue.lock')) ? 1 : 0,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      freeBytes: Number(page?.page_size) * Number(free?.freelist_count),
    };
  }

  async pauses(): Promise<readonly PauseTrace[]> {
    return (await this.run('SELECT tenant, code, since FROM pauses ORDER BY tenant, code')).map(toPauseTrace);
  }

  async pause(tenant: string, nowMs: number): Promise<boolean> {
    const text = 'INSERT OR IGNORE INTO pauses (tenant, code, since) VALUES (?, ?, ?) RETURNING tenant';
    return (await this.run(text, [tenant, PAUSED_BY_OPERATOR, nowMs])).length > 0;
  }

  async resume(tenant: string): Promise<boolean> {
    return (await this.run('DELETE FROM pauses WHERE tenant = ? RETURNING tenant', [tenant])).length > 0;
  }

  async close(): Promise<void> {
    this.database.close();
  }
}

function checkVersion(version: number): void {
  if (version === SCHEMA_VERSION) return;
  const advice =
    version < SCHEMA_VERSION ? 'start the app of this release once' : 'use the commands of the release that wrote it';
  throw new QueueOpenError(
    `The queue file in DATA_DIR has schema ${version}, this release knows ${SCHEMA_VERSION}: ${advice}.`,
  );
}
