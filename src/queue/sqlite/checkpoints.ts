import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CommitBatch } from './commit-batch.js';
import type { DiskFlush } from './disk-flush.js';

/** Of 4 kB each, in the log: copying so many takes some milliseconds on a laptop. */
const MOST_PAGES = 1_000;
/** Looking costs a tenth of what a commit costs. */
const LOOK_EVERY_MS = 50;

/**
 * Copies the write-ahead log into the file, and flushes both beside the event loop. SQLite would do all of that within a
 * commit, and two thirds of its time are two flushes, for which everything else would wait.
 *
 * What the order of SQLite's own steps guarantees is kept (https://www.sqlite.org/walformat.html): nothing is copied into
 * the file that is not on the disk in the log, and the log does not begin anew, over what was copied, before that is on
 * the disk in the file. A reader at the end of the log holds both: copying goes no further than it sees, and the log
 * cannot begin anew while it reads, whichever process writes.
 */
export class Checkpoints {
  private readonly reader: DatabaseSync;
  private readonly look: StatementSync;
  private readonly size: StatementSync;
  private running: Promise<void> | undefined;
  /** So long was the log when it was last copied: somebody who reads may have kept that from being all of it. */
  private triedAtPages = 0;
  private nextLookMs = 0;

  constructor(
    private readonly database: DatabaseSync,
    path: string,
    private readonly disk: DiskFlush,
    private readonly batch: Pick<CommitBatch, 'alone'>,
  ) {
    database.exec('PRAGMA wal_autocheckpoint = 0');
    // Looks only; an SQLite before 3.51 would copy.
    this.size = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    this.reader = new DatabaseSync(path, { readOnly: true });
    this.look = this.reader.prepare('SELECT 1 FROM sqlite_schema LIMIT 1');
  }

  /** To be called after commits: begins one when the log has grown so long, unless one is under way. */
  heed(): void {
    const nowMs = performance.now();
    if (nowMs < this.nextLookMs || this.running || this.disk.failure) return;
    this.nextLookMs = nowMs + LOOK_EVERY_MS;
    if (this.isDue()) void this.run();
  }

  /** Resolves when the log has been brought into the file as far as that can be done, or when that failed. */
  run(): Promise<void> {
    this.running ??= this.bringIn().finally(() => (this.running = undefined));
    return this.running;
  }

  /**
   * Closes the database, once no copying is under way. Whoever closes last has SQLite bring the log into the file and
   * delete it; after a flush that failed that is the reader, which may not write: the log is all that can be trusted.
   */
  async close(): Promise<void> {
    await this.running;
    const inOrder = [this.reader, this.database];
    if (this.disk.failure) inOrder.reverse();
    for (const connection of inOrder) connection.close();
  }

  private isDue(): boolean {
    const { pages, copied } = this.sizeOfLog();
    if (pages < this.triedAtPages) this.triedAtPages = 0;
    return pages - Math.max(copied, this.triedAtPages) >= MOST_PAGES;
  }

  private sizeOfLog(): { pages: number; copied: number } {
    const row = this.size.get();
    return { pages: Number(row?.log), copied: Number(row?.checkpointed) };
  }

  /**
   * First beside the commits that go on, then, of what these have added, while none is made. Only a log that is
   * copied to its end begins anew with the next commit.
   */
  private async bringIn(): Promise<void> {
    try {
      await this.copy();
      await this.batch.alone(() => this.copy());
    } catch {
      // A flush that failed has ended the queue's work; a full disk has not taken a page, and is tried again when the log has grown.
    }
  }

  private async copy(): Promise<void> {
    const { pages, copied } = this.sizeOfLog();
    this.triedAtPages = pages;
    if (pages === copied) return;
    this.reader.exec('BEGIN');
    try {
      this.look.get();
      await this.disk.flushLog();
      this.copyUnflushed();
      await this.disk.flushFile();
    } finally {
      // After a flush that failed the reader goes on reading: the file may lack what was copied, so the log is kept.
      if (this.disk.failure === undefined) this.reader.exec('ROLLBACK');
    }
  }

  private copyUnflushed(): void {
    this.database.exec('PRAGMA synchronous = OFF');
    try {
      this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } finally {
      this.database.exec('PRAGMA synchronous = NORMAL');
    }
  }
}
