import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeQueueConformance } from '../../../test/conformance/queue-conformance.js';
import { type NewEvent, QueueOpenError, QueueUnavailableError } from '../queue.js';
import { SqliteQueue } from './sqlite-queue.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };
let folder = '';

describeQueueConformance('SQLite', {
  open: async (times) => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
    return SqliteQueue.open(folder, times);
  },
  reopen: async (times) => SqliteQueue.open(folder, times),
  cleanUp: async () => rmSync(folder, { recursive: true }),
});

describe('the SQLite file', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const newEvent = (id: string): NewEvent => ({
    tenant: 't',
    id,
    type: 'policy.issue',
    root: 'policy:1',
    occurredAtMs: 1,
    receivedAtMs: 1,
    payload: '{}',
  });

  it('is readable by its owner only', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    await queue.append(newEvent('e1'));
    const modes = ['queue.sqlite', 'queue.sqlite-wal', 'queue.lock'].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    await queue.close();
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  it('refuses a second owner, and takes a new one after the first is gone', async () => {
    const first = SqliteQueue.open(folder, TIMES);
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/Another process uses the queue/);
    await first.close();
    await SqliteQueue.open(folder, TIMES).close();
  });

  it('says what to do when the file is damaged', () => {
    writeFileSync(join(folder, 'queue.sqlite'), 'this is not a database, however long it may be '.repeat(100));
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(QueueOpenError);
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/damaged or not readable/);
  });

  it('refuses a file that a newer release wrote', async () => {
    await SqliteQueue.open(folder, TIMES).close();
    const database = new DatabaseSync(join(folder, 'queue.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/schema 99, this release knows 1/);
  });

  it('commits the appends of one event-loop turn together, and rejects all of them when the commit fails', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
    blocker.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.id = 'poison' BEGIN SELECT raise(ABORT, 'no'); END",
    );
    const answers = await Promise.allSettled(['e1', 'poison', 'e2'].map((id) => queue.append(newEvent(id))));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(
      answers.map((answer) => answer.status === 'rejected' && answer.reason instanceof QueueUnavailableError),
    ).toEqual([true, true, true]);
    expect((await queue.backlog()).waitingEvents).toBe(0);
    blocker.exec('DROP TRIGGER refuse');
    blocker.close();
    await expect(queue.check()).resolves.toBeUndefined();
    expect(await queue.append(newEvent('e1'))).toBe('appended');
    await queue.close();
  });
});
