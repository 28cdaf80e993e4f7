import { jest } from '@jest/globals';
import { copyFileSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeQueueConformance } from '../../../test/conformance/queue-conformance.js';
import { LEASE_MS } from '../../../test/conformance/queue/queue-bench.js';
import { openOperatorQueue } from '../operator/open-operator-queue.js';
import { type NewEvent, QueueOpenError, QueueUnavailableError } from '../queue.js';
import { SqliteQueue } from './sqlite-queue.js';
import { prepareStatements } from './statements.js';

/** The tables of schema 1 with one row each, as the release that knew no other left them. */
const FILE_OF_SCHEMA_1 = `
  CREATE TABLE events (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT NOT NULL,
    id          TEXT NOT NULL,
    type        TEXT NOT NULL,
    root        TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting',
    code        TEXT,
    tries       INTEGER NOT NULL DEFAULT 0,
    retry_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id)
  ) STRICT;
  CREATE INDEX events_waiting ON events (tenant, root, retry_at, sequence) WHERE state = 'waiting';
  CREATE INDEX events_dead ON events (tenant, sequence) WHERE state = 'dead';
  CREATE TABLE roots (
    tenant   TEXT NOT NULL,
    root     TEXT NOT NULL,
    due_at   INTEGER NOT NULL,
    first_at INTEGER,
    wake_at  INTEGER,
    PRIMARY KEY (tenant, root)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX roots_due ON roots (tenant, due_at);
  CREATE TABLE records (
    tenant       TEXT NOT NULL,
    connection   TEXT NOT NULL,
    key          TEXT NOT NULL,
    revision     TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    confirmed    INTEGER NOT NULL,
    target_id    TEXT,
    PRIMARY KEY (tenant, connection, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE cursors (
    tenant TEXT PRIMARY KEY,
    cursor TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO events (tenant, id, type, root, occurred_at, received_at, payload)
    VALUES ('t', 'old', 'policy.issue', 'policy:1', 1, 1, '{}');
  INSERT INTO roots (tenant, root, due_at, first_at) VALUES ('t', 'policy:1', 1, 1);
  INSERT INTO records VALUES ('t', 'c', 'p-inv-1', 'r1', 'h1', 1, '42');
  INSERT INTO cursors VALUES ('t', 'page-1');
  PRAGMA user_version = 1;
`;

const TIMES = { settleMs: 0, settleMaxMs: 0 };
let folder = '';

afterEach(() => jest.restoreAllMocks());

describeQueueConformance('SQLite', {
  open: async (times) => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
    return SqliteQueue.open(folder, times);
  },
  reopen: async (times) => SqliteQueue.open(folder, times),
  expireLeases: async () => {
    const now = performance.now() + LEASE_MS;
    jest.spyOn(performance, 'now').mockReturnValue(now);
  },
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

  /** Events of one root, all in one transaction. @returns their ids */
  async function appendTogether(queue: SqliteQueue, first: number, count: number, receivedAtMs?: number) {
    const ids = Array.from({ length: count }, (_, place) => `e${first + place}`);
    const events = ids.map((id) => ({ ...newEvent(id), ...(receivedAtMs !== undefined && { receivedAtMs }) }));
    await Promise.all(events.map((event) => queue.append(event)));
    return ids;
  }

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
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/is damaged: restore it/);
  });

  it('leaves a root in the hands that have it when the date leaps', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    await queue.append(newEvent('e1'));
    const claimAt = (nowMs: number) => queue.claim({ tenants: ['t'], limit: 1, nowMs, leaseMs: 1_000 });
    const [claim] = (await claimAt(10)).claims;
    if (!claim) throw new Error('the root should be due');
    expect((await claimAt(1_000_000)).claims).toEqual([]);
    const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
    expect(await queue.settle(claim, { nowMs: 1_000_000, ended, retried: [], records: [], places: [] })).toBe(true);
    await queue.close();
  });

  it('refuses a file that a newer release wrote', async () => {
    await SqliteQueue.open(folder, TIMES).close();
    const database = new DatabaseSync(join(folder, 'queue.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/schema 99, this release knows 5/);
  });

  it('brings a file of schema 1 to the newest, with all that is in it', async () => {
    const older = new DatabaseSync(join(folder, 'queue.sqlite'));
    older.exec(FILE_OF_SCHEMA_1);
    older.close();
    for (const isFirstTime of [true, false]) {
      const queue = SqliteQueue.open(folder, TIMES);
      expect(await queue.backlog('t')).toMatchObject({ waitingEvents: 1 });
      expect(await queue.append(newEvent('old'))).toBe('duplicate');
      expect(await queue.cursor('t')).toBe('page-1');
      expect((await queue.recordMarks('t', 'c', ['p-inv-1'])).get('p-inv-1')?.targetId).toBe('42');
      expect(await queue.rootOf('t', ['p-inv-1'])).toBe(isFirstTime ? undefined : 'policy:1');
      const [claim] = (await queue.claim({ tenants: ['t'], limit: 1, nowMs: 10, leaseMs: 10 })).claims;
      expect(claim?.events.map(({ id }) => id)).toEqual(isFirstTime ? ['old'] : ['later-true']);
      expect(await queue.append(newEvent(`later-${isFirstTime}`))).toBe('appended');
      if (claim) {
        const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
        const places = [{ key: 'p-inv-1', root: 'policy:1' }];
        await queue.settle(claim, { nowMs: 10, ended, retried: [], records: [], places });
      }
      await queue.close();
    }
    const migrated = new DatabaseSync(join(folder, 'queue.sqlite'));
    expect(migrated.prepare('PRAGMA user_version').get()).toEqual({ user_version: 5 });
    migrated.close();
  });

  it('knows what a killed process has accepted, and so do operators', async () => {
    const killed = SqliteQueue.open(folder, TIMES);
    const ids = await appendTogether(killed, 1, 10);
    // What is on the disk at that moment; a clean end would have to file it first.
    const left = mkdtempSync(join(tmpdir(), 'queue-'));
    for (const name of ['queue.sqlite', 'queue.sqlite-wal']) copyFileSync(join(folder, name), join(left, name));
    await killed.close();
    const beside = mkdtempSync(join(tmpdir(), 'queue-'));
    cpSync(left, beside, { recursive: true });
    const operators = await openOperatorQueue({ dataDir: beside });
    expect((await operators.status()).tenants).toMatchObject([{ tenant: 't', waiting: 10 }]);
    await operators.close();

    const next = SqliteQueue.open(left, TIMES);
    expect(await next.append(newEvent('e1'))).toBe('duplicate');
    const [claim] = (await next.claim({ tenants: ['t'], limit: 1, nowMs: 10, leaseMs: 10 })).claims;
    expect(claim?.events.map(({ id }) => id)).toEqual(ids);
    await next.close();
    for (const folder of [left, beside]) rmSync(folder, { recursive: true });
  });

  it('what came to a root in hand keeps its rest, although somebody asks for work while the root is given back', async () => {
    const queue = SqliteQueue.open(folder, { settleMs: 5_000, settleMaxMs: 60_000 });
    const claimAt = (nowMs: number) => queue.claim({ tenants: ['t'], limit: 1, nowMs, leaseMs: 60_000 });
    await queue.append(newEvent('e1'));
    const [claim] = (await claimAt(10_000)).claims;
    if (!claim) throw new Error('the root should be due');
    // So many at once are not filed with their own commit.
    const ids = await appendTogether(queue, 2, 10, 19_000);
    const released = queue.release(claim, 20_000);
    await claimAt(19_500);
    await released;
    expect((await claimAt(23_000)).claims).toEqual([]);
    expect((await claimAt(24_000)).claims[0]?.events.map(({ id }) => id)).toEqual(['e1', ...ids]);
    await queue.close();
  });

  it('files what comes one by one at once, and what comes together when somebody asks for it', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    const file = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
    const unfiled = () => Number(file.prepare('SELECT count(*) AS n FROM inbox').get()?.n);
    await queue.append(newEvent('e1'));
    expect(unfiled()).toBe(0);
    await appendTogether(queue, 2, 10);
    expect(unfiled()).toBe(10);
    await queue.backlog();
    expect(unfiled()).toBe(0);
    file.close();
    await queue.close();
  });

  it('finds between which positions events wait in the index of what waits, and what has just come too', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    await appendTogether(queue, 1, 10);
    expect(await queue.waitingSpan('t')).toEqual({ first: 1, last: 10 });
    await queue.close();
    const file = new DatabaseSync(join(folder, 'queue.sqlite'));
    const text = prepareStatements(file).waitingSpan.sourceSQL;
    const plan = file.prepare(`EXPLAIN QUERY PLAN ${text}`).all('t');
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH events USING COVERING INDEX events_waiting (tenant=?)']);
    file.close();
  });

  it('keeps what arrives unfiled within bounds, and files it when it is closed', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    for (let event = 0; event < 1_200; event += 10) await appendTogether(queue, event, 10);
    const file = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
    const count = (table: string) => Number(file.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    expect(count('events')).toBe(1_000);
    expect(count('inbox')).toBe(200);
    file.close();
    await appendTogether(queue, 1_200, 10);
    await queue.close();
    const closed = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
    expect(closed.prepare('SELECT count(*) AS n FROM events').get()?.n).toBe(1_210);
    closed.close();
  });

  it('commits the appends of one event-loop turn together, and rejects all of them when the commit fails', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
    blocker.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.id = 'poison' BEGIN SELECT raise(ABORT, 'no'); END",
    );
    const answers = await Promise.allSettled(['e1', 'poison', 'e2'].map((id) => queue.append(newEvent(id))));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(
      answers.map((answer) => answer.status === 'rejected' && answer.reason instanceof QueueUnavailableError),
    ).toEqual([true, true, true]);
    expect((await queue.backlog()).waitingEvents).toBe(0);
    blocker.exec('DROP TRIGGER refuse');
    blocker.close();
    // Whether the store can be written again is found out by writing: an empty commit would succeed on a full disk too.
    const before = statSync(join(folder, 'queue.sqlite-wal')).size;
    await expect(queue.check()).resolves.toBeUndefined();
    expect(statSync(join(folder, 'queue.sqlite-wal')).size).toBeGreaterThan(before);
    expect(await queue.append(newEvent('e1'))).toBe('appended');
    await queue.close();
  });
});
