import type { DatabaseSync } from 'node:sqlite';
import { QueueUnavailableError } from '../queue.js';
import type { DiskFlush } from './disk-flush.js';
import type { UndoLog } from './undo-log.js';

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
  /** Until what is under way is on the disk. */
  private busy: Promise<void> | undefined;
  private lastFailure: QueueUnavailableError | undefined;

  /**
   * @param beforeCommit the last step of every transaction
   * @param undoLog what writes note in memory: taken back when their transaction is undone
   * @param onStored called when writes are on the disk
   */
  constructor(
    private readonly database: DatabaseSync,
    private readonly disk: DiskFlush,
    private readonly beforeCommit: () => unknown,
    private readonly undoLog: UndoLog,
    private readonly onStored: () => unknown,
  ) {}

  /** Queues `run` for the next transaction. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ run, resolve, reject });
      if (this.pending.length === 1 && !this.busy) this.commitSoon();
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

  /** Runs `task` while no write of the batch is under way; what comes meanwhile waits. Rejects as the task does. */
  async alone(task: () => Promise<void>): Promise<void> {
    while (this.busy) await this.busy;
    const running = task();
    await this.occupy(running);
    return running;
  }

  /** Resolves when nothing is pending any more. */
  async drained(): Promise<void> {
    while (this.pending.length > 0 || this.busy) {
      await (this.busy ?? this.commitPending());
    }
  }

  /** The failure of the latest commit, undefined while commits succeed; or of a flush, for good. */
  get failure(): Error | undefined {
    return this.disk.failure ?? this.lastFailure;
  }

  private commitSoon(): void {
    setImmediate(() => void this.commitPending());
  }

  private async commitPending(): Promise<void> {
    if (this.busy || this.pending.length === 0) return;
    await this.occupy(this.storePending());
  }

  /** @param work what the writes that come now have to wait for */
  private async occupy(work: Promise<unknown>): Promise<void> {
    this.busy = work.then(
      () => undefined,
      () => undefined,
    );
    await this.busy;
    this.busy = undefined;
    if (this.pending.length > 0) this.commitSoon();
  }

  private async storePending(): Promise<void> {
    const writes = this.pending;
    this.pending = [];
    try {
      const results = this.commit(writes.map(({ run }) => run));
      await this.disk.flushLog();
      writes.forEach((write, index) => write.resolve(results[index] as never));
      this.onStored();
    } catch (cause) {
      const failure = cause instanceof QueueUnavailableError ? cause : unavailable(cause);
      for (const write of writes) write.reject(failure);
    }
  }

  private commit(steps: readonly (() => unknown)[]): unknown[] {
    const { failure } = this.disk;
    if (failure) throw unavailable(failure);
    try {
      this.database.exec('BEGIN IMMEDIATE');
      const results = steps.map((step) => step());
      this.beforeCommit();
      this.database.exec('COMMIT');
      this.undoLog.forget();
      this.lastFailure = undefined;
      return results;
    } catch (cause) {
      this.rollBack();
      this.lastFailure = unavailable(cause);
      throw this.lastFailure;
    }
  }

  private rollBack(): void {
    this.undoLog.undo();
    try {
      // A full disk may have ended the transaction already; then there is nothing to roll back.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
    } catch {
      // The database is closed or broken beyond a rollback; the writes are rejected with the first failure, which says more.
    }
  }
}

function unavailable(cause: unknown): QueueUnavailableError {
  return new QueueUnavailableError('The queue could not store the events.', { cause });
}
