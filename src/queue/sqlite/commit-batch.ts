import type { DatabaseSync } from 'node:sqlite';
import { QueueUnavailableError } from '../queue.js';

interface PendingWrite {
  readonly run: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Collects all writes of one event-loop turn into one transaction, because a commit costs a disk flush and a write next
 * to nothing. A write is answered only after the commit; if the commit fails, all writes of the turn fail and none is
 * stored.
 */
export class CommitBatch {
  private pending: PendingWrite[] = [];
  private lastFailure: Error | undefined;

  constructor(private readonly database: DatabaseSync) {}

  /** Queues `run` for this turn's transaction. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ run, resolve, reject });
      if (this.pending.length === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits what is pending now. */
  flush(): void {
    const writes = this.pending;
    this.pending = [];
    if (writes.length === 0) return;
    const results: unknown[] = [];
    try {
      this.database.exec('BEGIN IMMEDIATE');
      for (const write of writes) results.push(write.run());
      this.database.exec('COMMIT');
      this.lastFailure = undefined;
    } catch (cause) {
      this.rollBack();
      this.lastFailure = new QueueUnavailableError('The queue could not store the events.', { cause });
      for (const write of writes) write.reject(this.lastFailure);
      return;
    }
    writes.forEach((write, index) => write.resolve(results[index] as never));
  }

  /** The failure of the latest commit; undefined while commits succeed. */
  get failure(): Error | undefined {
    return this.lastFailure;
  }

  private rollBack(): void {
    try {
      // A full disk may have ended the transaction already; then there is nothing to roll back.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    } catch {
      // The database is closed or broken beyond a rollback; the writes are rejected with the first failure, which says more.
    }
  }
}
