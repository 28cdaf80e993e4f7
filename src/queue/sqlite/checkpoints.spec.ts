import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Checkpoints } from './checkpoints.js';
import { CommitBatch } from './commit-batch.js';
import { DiskFlush } from './disk-flush.js';
import { UndoLog } from './undo-log.js';

/** A row fills a page of its own; so many make a checkpoint due. */
const ROW_BYTES = 3_000;
const DUE_ROWS = 1_100;
const PAGE_BYTES = 4_096;

/** A disk whose flushes of the file can be held back and made to fail. */
class TestDisk extends DiskFlush {
  flushes: string[] = [];
  beforeFlushOfFile: () => Promise<void> = async () => undefined;
  breaksAtFile = false;

  override flushLog(): Promise<void> {
    this.flushes.push('log');
    return super.flushLog();
  }

  override async flushFile(): Promise<void> {
    this.flushes.push('file');
    await this.beforeFlushOfFile();
    return super.flushFile();
  }

  override get failure(): Error | undefined {
    return this.breaksAtFile && this.flushes.includes('file') ? new Error('EIO') : super.failure;
  }
}

let folder: string;
let path: string;
let database: DatabaseSync;
let disk: TestDisk;
let batch: CommitBatch;
let checkpoints: Checkpoints;
let isClosed: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  path = join(folder, 'file');
  database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (n INTEGER PRIMARY KEY, x TEXT)',
  );
  disk = new TestDisk(path);
  batch = new CommitBatch(
    database,
    disk,
    () => undefined,
    new UndoLog(),
    () => checkpoints.heed(),
  );
  checkpoints = new Checkpoints(database, path, disk, batch);
  const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
  put = (n) => batch.write(() => void insert.run(n, 'x'.repeat(ROW_BYTES)));
  isClosed = false;
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

let put: (n: number) => Promise<void>;

async function putMany(first: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, place) => put(first + place)));
}

async function close(): Promise<void> {
  if (isClosed) return;
  isClosed = true;
  await checkpoints.close();
  disk.close();
}

/** How many rows a new start would find after a power cut that left these two files. */
function rowsIn(file: string, log: string): number {
  const left = mkdtempSync(join(tmpdir(), 'left-'));
  copyFileSync(file, join(left, 'file'));
  if (existsSync(log)) copyFileSync(log, join(left, 'file-wal'));
  const database = new DatabaseSync(join(left, 'file'));
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const rows = Number(database.prepare('SELECT count(*) AS n FROM t').get()?.n);
  database.close();
  rmSync(left, { recursive: true });
  return rows;
}

it('brings a log that has grown into the file, the log flushed before it is copied and the file after', async () => {
  await putMany(0, DUE_ROWS);
  await checkpoints.run();
  // For the commit, and for what is copied.
  expect(disk.flushes).toEqual(['log', 'log', 'file']);
  await put(DUE_ROWS);
  expect(rowsIn(path, 'no log')).toBe(DUE_ROWS);
});

it('has SQLite flush again what it flushes by itself, once the copying is over', async () => {
  await putMany(0, DUE_ROWS);
  await checkpoints.run();
  const NORMAL = 1;
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: NORMAL });
});

it('closes only when the copying that is under way has ended', async () => {
  await putMany(0, 10);
  await checkpoints.run();
  let goOn = (): void => undefined;
  disk.beforeFlushOfFile = () => new Promise((resolve) => (goOn = resolve));
  await putMany(10, DUE_ROWS);
  const running = checkpoints.run();
  while (disk.flushes.filter((flush) => flush === 'file').length < 2) await new Promise(setImmediate);
  const closing = close();
  expect(await Promise.race([closing.then(() => 'closed'), new Promise(setImmediate).then(() => 'waits')])).toBe(
    'waits',
  );
  disk.beforeFlushOfFile = async () => undefined;
  goOn();
  await Promise.all([running, closing]);
  expect(rowsIn(path, 'no log')).toBe(DUE_ROWS + 10);
});

it('leaves a short log alone', async () => {
  for (let row = 0; row < 20; row++) await putMany(row * 10, 10);
  expect(disk.flushes).not.toContain('file');
});

it('keeps the log from growing although commits never pause', async () => {
  let isOver = false;
  let next = 0;
  const writers = Array.from({ length: 4 }, async () => {
    while (!isOver) await put(next++);
  });
  while (next < 10 * DUE_ROWS) await new Promise((resolve) => setTimeout(resolve, 10));
  isOver = true;
  await Promise.all(writers);
  expect(statSync(`${path}-wal`).size).toBeLessThan(4 * DUE_ROWS * PAGE_BYTES);
});

it('a power cut before the file was flushed costs nothing: the log still has all of it, and what came meanwhile', async () => {
  await putMany(0, 10);
  await checkpoints.run();
  const before = join(folder, 'before');
  copyFileSync(path, before);
  const found: number[] = [];
  disk.beforeFlushOfFile = async () => {
    const first = DUE_ROWS * (found.length + 1);
    if (found.length < 1) await putMany(first, 30);
    // None of what was copied is on the disk; all of the log is.
    found.push(rowsIn(before, `${path}-wal`));
  };
  await putMany(10, DUE_ROWS - 10);
  await checkpoints.run();
  // Once beside the commits, once for what they have added, while none is made.
  expect(found).toEqual([DUE_ROWS + 30, DUE_ROWS + 30]);
});

it('after a flush of the file that failed the app writes nothing any more, and the log outlives it', async () => {
  const before = join(folder, 'before');
  copyFileSync(path, before);
  disk.breaksAtFile = true;
  disk.beforeFlushOfFile = async () => {
    throw new Error('EIO');
  };
  await putMany(0, DUE_ROWS);
  await checkpoints.run();
  await expect(put(DUE_ROWS)).rejects.toThrow('could not store');
  const operator = new DatabaseSync(path);
  operator.exec(`INSERT INTO t VALUES (${DUE_ROWS}, 'of an operator')`);
  operator.close();
  await close();
  expect(rowsIn(before, `${path}-wal`)).toBe(DUE_ROWS + 1);
});

it('does not try again and again while somebody reads', async () => {
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  await putMany(0, DUE_ROWS);
  await checkpoints.run();
  disk.flushes = [];
  for (let row = 0; row < 30; row++) {
    await put(DUE_ROWS + row);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(disk.flushes).not.toContain('file');
  reader.close();
  await putMany(2 * DUE_ROWS, DUE_ROWS);
  await checkpoints.run();
  await put(4 * DUE_ROWS);
  expect(rowsIn(path, 'no log')).toBe(2 * DUE_ROWS + 30);
});
