import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * Brings the database to the disk beside the event loop: a flush takes a millisecond on a good disk and tens on a busy
 * one, and nothing else could be done meanwhile. SQLite itself flushes the log only when it begins anew
 * (`synchronous = NORMAL`, https://www.sqlite.org/pragma.html#pragma_synchronous); its frames have checksums, so a power
 * cut costs what was not flushed yet, and nobody has been told that this is stored.
 */
export class DiskFlush {
  private readonly files = new Map<string, number>();
  private lastFailure: Error | undefined;

  /** @param path of the database; the log beside it exists once something was committed, and as long as it is open */
  constructor(private readonly path: string) {}

  /** Resolves when all that is committed by now is on the disk. */
  flushLog(): Promise<void> {
    return this.flush(`${this.path}-wal`);
  }

  /** Resolves when all that is copied from the log by now is on the disk. */
  flushFile(): Promise<void> {
    return this.flush(this.path);
  }

  private flush(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        this.lastFailure = cause instanceof Error ? cause : new Error('A file cannot be flushed.', { cause });
        reject(this.lastFailure);
      };
      try {
        fdatasync(this.open(path), (error) => (error ? fail(error) : resolve()));
      } catch (error) {
        fail(error);
      }
    });
  }

  private open(path: string): number {
    const file = this.files.get(path) ?? openSync(path, 'r');
    this.files.set(path, file);
    return file;
  }

  /**
   * The disk has not taken a flush. What the operating system still holds after that nobody knows, a later flush says
   * nothing about it (https://wiki.postgresql.org/wiki/Fsync_Errors): only a new start reads what is really there.
   */
  get failure(): Error | undefined {
    return this.lastFailure;
  }

  /**
   * Only when every connection of this process to the database is closed: closing any descriptor of a file takes away
   * all locks that the process has on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
   */
  close(): void {
    for (const file of this.files.values()) closeSync(file);
    this.files.clear();
  }
}
