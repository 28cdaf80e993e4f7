import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * Brings the write-ahead log to the disk beside the event loop: a flush takes a millisecond on a good disk and tens on a
 * busy one, and nothing else could be done meanwhile. SQLite itself flushes the log only before it copies it into the
 * file (`synchronous = NORMAL`, https://www.sqlite.org/pragma.html#pragma_synchronous); its frames have checksums, so a
 * power cut costs what was not flushed yet, and nobody has been told that this is stored.
 */
export class LogFlush {
  private file: number | undefined;
  private lastFailure: Error | undefined;

  /** @param path the log; it exists once something was committed, and as long as the database is open */
  constructor(private readonly path: string) {}

  /** Resolves when all that is committed by now is on the disk. One at a time. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        this.lastFailure = cause instanceof Error ? cause : new Error('The log cannot be flushed.', { cause });
        reject(this.lastFailure);
      };
      try {
        this.file ??= openSync(this.path, 'r');
        fdatasync(this.file, (error) => (error ? fail(error) : resolve()));
      } catch (error) {
        fail(error);
      }
    });
  }

  /**
   * The disk has not taken a flush. What the operating system still holds after that nobody knows, a later flush says
   * nothing about it (https://wiki.postgresql.org/wiki/Fsync_Errors): only a new start reads what is really there.
   */
  get failure(): Error | undefined {
    return this.lastFailure;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
