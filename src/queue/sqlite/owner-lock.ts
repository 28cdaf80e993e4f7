import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { QueueOpenError } from '../queue.js';

/**
 * Keeps a second process off the same queue file: leases live in memory, so two owners would sync one root twice.
 * The lock is an open exclusive transaction on a file of its own; the operating system drops it with the process,
 * however that ends. The queue file itself stays readable for operators' tools.
 */
export class OwnerLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** @throws {QueueOpenError} when another process holds the lock. */
  static acquire(path: string): OwnerLock {
    closeSync(openSync(path, 'a', 0o600));
    const database = new DatabaseSync(path);
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE;');
    } catch (cause) {
      database.close();
      throw new QueueOpenError(
        'Another process uses the queue in DATA_DIR: stop it, or give this one a folder of its own.',
        { cause },
      );
    }
    return new OwnerLock(database);
  }

  release(): void {
    this.database.close();
  }
}
