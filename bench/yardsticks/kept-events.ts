import { fdatasync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

interface Write {
  readonly run: () => void;
  readonly done: () => void;
}

/**
 * The least that keeping an event costs: one table, found by its id, one commit for all that comes while the disk is busy
 * with the one before, and nobody is answered before that is flushed. No tenants, no order, no retry, nothing to be found by
 * anything but the id.
 */
export class KeptEvents {
  readonly #database: DatabaseSync;
  readonly #log: number;
  readonly #insert;
  readonly #delete;
  #pending: Write[] = [];
  #isBusy = false;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    this.#database.exec('CREATE TABLE events (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT');
    this.#log = openSync(`${path}-wal`, 'r');
    this.#insert = this.#database.prepare('INSERT INTO events VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
    this.#delete = this.#database.prepare('DELETE FROM events WHERE id = ?');
  }

  /** Resolves when it is on the disk. */
  keep(id: string, body: string): Promise<void> {
    return this.#write(() => void this.#insert.run(id, body));
  }

  /** Resolves when that is on the disk. */
  forget(id: string): Promise<void> {
    return this.#write(() => void this.#delete.run(id));
  }

  #write(run: () => void): Promise<void> {
    return new Promise((done) => {
      this.#pending.push({ run, done });
      if (this.#pending.length === 1 && !this.#isBusy) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const writes = this.#pending;
    this.#pending = [];
    this.#isBusy = true;
    this.#database.exec('BEGIN');
    for (const { run } of writes) run();
    this.#database.exec('COMMIT');
    fdatasync(this.#log, (error) => {
      if (error) throw error;
      this.#isBusy = false;
      for (const { done } of writes) done();
      if (this.#pending.length > 0) setImmediate(() => this.#commit());
    });
  }
}
