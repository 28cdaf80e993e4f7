import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { QueueOpenError } from '../queue.js';
import { refusalOf } from './refusals.js';

/** For an operator's look, see {@link OwnerLock.isHeld}. */
const LOOK_MS = 250;

/**
 * Keeps a second process off the same queue file: leases live in memory, so two owners would sync one root twice.
 * The lock is an open exclusive transaction on a file of its own; the operating system drops it with the process,
 * however that ends. The queue file itself stays readable for operators' tools.
 */
export class OwnerLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** @throws {QueueOpenError} when another process holds the lock. */
  static acquire(path: string): OwnerLock {
    const database = openLock(path);
    try {
      database.exec(`PRAGMA busy_timeout = ${LOOK_MS}; BEGIN EXCLUSIVE;`);
    } catch (cause) {
      database.close();
      throw new QueueOpenError(
        'Another process uses the queue in DATA_DIR: stop it, or give this one a folder of its own.',
        { cause },
      );
    }
    return new OwnerLock(database);
  }

  /** Whether a process owns the queue. A look takes microseconds, and whoever starts at that moment waits for it. */
  static isHeld(path: string): boolean {
    if (!existsSync(path)) return false;
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      database.exec('PRAGMA busy_timeout = 0; PRAGMA schema_version;');
      return false;
    } catch {
      // Not even readable: that is what the lock is.
      return true;
    } finally {
      database.close();
    }
  }

  release(): void {
    this.database.close();
  }
}

function openLock(path: string): DatabaseSync {
  try {
    closeSync(openSync(path, 'a', 0o600));
    return new DatabaseSync(path);
  } catch (cause) {
    throw refusalOf(cause);
  }
}
