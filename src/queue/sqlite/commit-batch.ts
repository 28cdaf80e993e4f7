import type { DatabaseSync } from 'node:sqlite';
import { QueueUnavailableError } from '../queue.js';
import type { LogFlush } from './log-flush.js';

interface PendingWrite {
  readonly run: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Collects the writes of one event-loop turn, and of as many turns as the disk is busy with the ones before, into one
 * transaction, because a commit costs a disk flush and a write next to nothing. A write is answered only when the commit
 * is on the disk; if the commit fails, all writes of the transaction fail and none is stored. If only the flush fails,
 * they fail too, and may be stored all the same.
 */
export class CommitBatch {
  private pending: PendingWrite[] = [];
  private isFlushing = false;
  private lastFailure: QueueUnavailableError | undefined;

  /**
   * @param beforeCommit the last step of every transaction
   * @param onUndone called when a transaction was undone: what its writes have noted in memory did not happen
   */
  constructor(
    private readonly database: DatabaseSync,
    private readonly log: LogFlush,
    private readonly beforeCommit: () => unknown,
    private readonly onUndone: () => unknown,
  ) {}

  /** Queues `run` for the next transaction. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ run, resolve, reject });
      if (this.pending.length === 1 && !this.isFlushing) setImmediate(() => void this.commitPending());
    });
  }

  /**
   * Runs `run` in a transaction of its own, at once, and does not wait for the disk: for what is there again after a
   * power cut.
   * @throws {QueueUnavailableError} when it could not be stored
   */
  writeNow(run: () => void): void {
    this.commit([run]);
  }

  /** Resolves when nothing is pending any more. */
  async drained(): Promise<void> {
    while (this.pending.length > 0 || this.isFlushing) {
      await this.commitPending();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The failure of the latest commit, undefined while commits succeed; or of a flush, for good. */
  get failure(): Error | undefined {
    return this.log.failure ?? this.lastFailure;
  }

  private async commitPending(): Promise<void> {
    if (this.isFlushing || this.pending.length === 0) return;
    const writes = this.pending;
    this.pending = [];
    this.isFlushing = true;
    try {
      const results = this.commit(writes.map(({ run }) => run));
      await this.log.flush();
      writes.forEach((write, index) => write.resolve(results[index] as never));
    } catch (cause) {
      const failure = cause instanceof QueueUnavailableError ? cause : unavailable(cause);
      for (const write of writes) write.reject(failure);
    }
    this.isFlushing = false;
    if (this.pending.length > 0) setImmediate(() => void this.commitPending());
  }

  private commit(steps: readonly (() => unknown)[]): unknown[] {
    const { failure } = this.log;
    if (failure) throw unavailable(failure);
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const results = steps.map((step) => step());
      this.beforeCommit();
      this.database.exec('COMMIT');
      this.lastFailure = undefined;
      return results;
    } catch (cause) {
      this.rollBack();
      this.lastFailure = unavailable(cause);
      throw this.lastFailure;
    }
  }

  private rollBack(): void {
    try {
      // A full disk may have ended the transaction already; then there is nothing to roll back.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      this.onUndone();
    } catch {
      // The database is closed or broken beyond a rollback; the writes are rejected with the first failure, which says more.
    }
  }
}

function unavailable(cause: unknown): QueueUnavailableError {
  return new QueueUnavailableError('The queue could not store the events.', { cause });
}
