import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { QueueUnavailableError } from '../queue.js';
import { CommitBatch } from './commit-batch.js';
import { DiskFlush } from './disk-flush.js';
import { UndoLog } from './undo-log.js';

let folder: string;
let database: DatabaseSync;
let undoLog: UndoLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'));
  database = new DatabaseSync(join(folder, 'file'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY)');
  undoLog = new UndoLog();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const batchWith = (disk: DiskFlush, beforeCommit: () => unknown = () => undefined) =>
  new CommitBatch(database, disk, beforeCommit, undoLog, () => undefined);
const working = () => batchWith(new DiskFlush(join(folder, 'file')));
const put = (n: number) => () => database.exec(`INSERT INTO t VALUES (${n})`);
const rows = () =>
  database
    .prepare('SELECT n FROM t ORDER BY n')
    .all()
    .map(({ n }) => n);

it('answers with what a write returns, once it is committed', async () => {
  const batch = working();
  const answers = await Promise.all([batch.write(() => 'first'), batch.write(put(1))]);
  expect(answers).toEqual(['first', undefined]);
  expect(rows()).toEqual([1]);
});

it('fails every write of a transaction that fails, takes back what they noted in memory, and goes on', async () => {
  const batch = working();
  const noted: number[] = [];
  const putAndNote = (n: number) => () => {
    put(n)();
    noted.push(n);
    undoLog.note(() => noted.pop());
  };
  await batch.write(putAndNote(1));
  const answers = await Promise.allSettled([2, 3, 3].map((n) => batch.write(putAndNote(n))));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(rows()).toEqual([1]);
  expect(noted).toEqual([1]);
  expect(batch.failure).toBeInstanceOf(QueueUnavailableError);
  await batch.write(putAndNote(2));
  expect(noted).toEqual([1, 2]);
  expect(batch.failure).toBeUndefined();
});

it('has a last step in every transaction, and undoes all of it when that fails', async () => {
  let last = 10;
  const batch = batchWith(new DiskFlush(join(folder, 'file')), () => put(last++)());
  await batch.write(put(1));
  batch.writeNow(put(2));
  expect(rows()).toEqual([1, 2, 10, 11]);
  await expect(batch.write(put(12))).rejects.toBeInstanceOf(QueueUnavailableError);
  expect(rows()).toEqual([1, 2, 10, 11]);
});

/** A disk that takes a flush when it is told to. */
class BusyDisk extends DiskFlush {
  free: () => void = () => undefined;
  override flushLog(): Promise<void> {
    return new Promise((resolve) => (this.free = resolve));
  }
}

it('collects what is written while the disk is busy into one transaction', async () => {
  const disk = new BusyDisk('unused');
  const batch = batchWith(disk);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const writes = [batch.write(put(1))];
  await turn();
  for (const n of [2, 3]) {
    writes.push(batch.write(put(n)));
    await turn();
    expect(rows()).toEqual([1]);
  }
  disk.free();
  await writes[0];
  await turn();
  await turn();
  expect(rows()).toEqual([1, 2, 3]);
  disk.free();
  await Promise.all(writes);
});

it('lets a task run alone: what is written meanwhile waits for it, even if it fails', async () => {
  const batch = working();
  const before = batch.write(put(1));
  await new Promise((resolve) => setImmediate(resolve));
  const seen: unknown[] = [];
  const task = batch.alone(async () => {
    const write = batch.write(put(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(rows());
    void write.then(() => seen.push(rows()));
    throw new Error('the task failed');
  });
  await expect(task).rejects.toThrow('the task failed');
  await before;
  await batch.drained();
  expect(seen).toEqual([[1], [1, 2]]);
});

it('drains: what is pending is on the disk afterwards', async () => {
  const batch = working();
  const answers: number[] = [];
  for (const n of [1, 2, 3]) void batch.write(put(n)).then(() => answers.push(n));
  await batch.drained();
  expect(answers).toEqual([1, 2, 3]);
});

it('a disk that does not take a flush ends it for good: nothing is answered as stored, and no later flush heals that', async () => {
  const log = new DiskFlush(join(folder, 'nowhere', 'file'));
  const batch = batchWith(log);
  await expect(batch.write(put(1))).rejects.toBeInstanceOf(QueueUnavailableError);
  expect(batch.failure).toBe(log.failure);
  await expect(batch.write(put(2))).rejects.toBeInstanceOf(QueueUnavailableError);
  expect(() => batch.writeNow(put(3))).toThrow(QueueUnavailableError);
  expect(rows()).toEqual([1]);
});
