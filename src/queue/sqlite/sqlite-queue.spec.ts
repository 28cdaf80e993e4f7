import { jest } from '@jest/globals';
import { copyFileSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { describeQueueConformance } from '../../../test/conformance/queue-conformance.js';
import { LEASE_MS, NOTHING } from '../../../test/conformance/queue/queue-bench.js';
import { openOperatorQueue } from '../operator/open-operator-queue.js';
import { type ClaimedRoot, type NewEvent, QueueOpenError, QueueUnavailableError } from '../queue.js';
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
    expect(() => SqliteQueue.open(folder, TIMES)).toThrow(/schema 99, this release knows 6/);
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
    expect(migrated.prepare('PRAGMA user_version').get()).toEqual({ user_version: 6 });
    migrated.close();
  });

  it('knows what a killed process has accepted, and so do operators', async () => {
    const killed = SqliteQueue.open(folder, TIMES);
    const ids = await appendTogether(killed, 1, 10);
    // What is on the disk at that moment.
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

  it.each<[string, (queue: SqliteQueue, claim: ClaimedRoot) => Promise<unknown>]>([
    ['given back', (queue, claim) => queue.release(claim, 20_000)],
    ['settled', (queue, claim) => queue.settle(claim, { ...NOTHING, wake: { atMs: 20_000 } })],
    ['moved', (queue, claim) => queue.move(claim, 'policy:1', 20_000)],
  ])('leaves a root to whom it was handed out while a lease that has ended is %s', async (_what, end) => {
    const queue = SqliteQueue.open(folder, TIMES);
    const claimFor = async (leaseMs: number) =>
      (await queue.claim({ tenants: ['t'], limit: 1, nowMs: 20_000, leaseMs })).claims[0];
    await queue.append(newEvent('e1'));
    const late = await claimFor(0);
    if (!late) throw new Error('the root should be due');
    const ended = end(queue, late);
    const current = await claimFor(60_000);
    await ended;
    if (!current) throw new Error('the root should be due again');
    expect(queue.isHeld(current)).toBe(true);
    expect(await claimFor(60_000)).toBeUndefined();
    await queue.close();
  });

  describe('what the worker has paused', () => {
    const pause = { code: 'target_unauthorized', versions: ['v1'], recheckAtMs: 90_000, waitMs: 60_000 };
    const paused = { holdUntilMs: 0, failures: 0, pause };

    it('is tried again after a restart, and operators are shown nothing else', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      await queue.changeRest('t', () => paused);
      await queue.close();
      const operator = await openOperatorQueue({ dataDir: folder });
      expect(await operator.pauses()).toMatchObject([{ tenant: 't', code: 'target_unauthorized' }]);
      const next = SqliteQueue.open(folder, TIMES);
      expect(await next.restOf('t')).toBeUndefined();
      expect(await operator.pauses()).toEqual([]);
      await next.close();
      await operator.close();
    });

    it('rests although the disk does not take what operators would be shown', async () => {
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      const queue = SqliteQueue.open(folder, TIMES);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec("CREATE TRIGGER refuse BEFORE INSERT ON pauses BEGIN SELECT raise(ABORT, 'no'); END");
      blocker.close();
      await queue.changeRest('t', () => paused);
      await queue.close();
      await new Promise(setImmediate);
      process.off('unhandledRejection', unhandled);
      expect(await queue.restOf('t')).toEqual(paused);
      expect(unhandled).not.toHaveBeenCalled();
    });
  });

  it('stores what it was given before it is closed', async () => {
    const queue = SqliteQueue.open(folder, TIMES);
    const appended = queue.append(newEvent('e1'));
    await queue.close();
    expect(await appended).toBe('appended');
    const next = SqliteQueue.open(folder, TIMES);
    expect(await next.append(newEvent('e1'))).toBe('duplicate');
    await next.close();
  });

  describe('what arrives', () => {
    /** How many events are not filed, of a tenant or of all. */
    function unfiled(tenant?: string): number {
      const file = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
      const row = file
        .prepare('SELECT count(*) AS n FROM arrivals WHERE tenant = coalesce(?, tenant)')
        .get(tenant ?? null);
      file.close();
      return Number(row?.n);
    }

    function rowsOf(table: 'events' | 'inbox' | 'roots'): number {
      const file = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
      const row = file.prepare(`SELECT count(*) AS n FROM ${table}`).get();
      file.close();
      return Number(row?.n);
    }

    /** One event for each of these tenants, all in one transaction, so many times. */
    async function appendFor(queue: SqliteQueue, tenants: readonly string[], times: number) {
      for (let time = 0; time < times; time++) {
        await Promise.all(tenants.map((tenant) => queue.append({ ...newEvent(`e${time}`), tenant })));
      }
    }

    async function deliver(queue: SqliteQueue, tenant: string): Promise<readonly string[]> {
      const [claim] = (await queue.claim({ tenants: [tenant], limit: 1, nowMs: 10, leaseMs: 60_000 })).claims;
      if (claim === undefined) return [];
      const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
      await queue.settle(claim, { nowMs: 10, ended, retried: [], records: [], places: [] });
      return claim.events.map(({ id }) => id);
    }

    it('one by one is filed at once, and together when somebody asks for it', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      await queue.append(newEvent('e1'));
      expect(unfiled()).toBe(0);
      await appendTogether(queue, 2, 10);
      expect(unfiled()).toBe(10);
      await queue.backlog();
      expect(unfiled()).toBe(0);
      await queue.close();
    });

    it.each<[string, (queue: SqliteQueue) => Promise<unknown>, unknown]>([
      ['how much waits', (queue) => queue.backlog('t'), { waitingEvents: 10, deadLetters: 0 }],
      ['when it is due', (queue) => queue.nextDueAtMs('t'), 1],
      ['what is overdue', (queue) => queue.overdue(2, 1), [{ tenant: 't', dueAtMs: 1 }]],
    ])('counts when somebody asks %s', async (_what, ask, answer) => {
      const queue = SqliteQueue.open(folder, TIMES);
      await appendTogether(queue, 1, 10);
      expect(await ask(queue)).toEqual(answer);
      await queue.close();
    });

    it('is filed for those tenants that are worked for, the others stay, and so do their rows alone', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      // Once in a while what has come is filed for all; not again within this test.
      await queue.append(newEvent('first'));
      await appendTogether(queue, 100, 10);
      await deliver(queue, 't');
      const tenants = ['a', 'b', 'c', 'd', 'e', 'f'];
      await appendFor(queue, tenants, 2);
      expect(await deliver(queue, 'b')).toEqual(['e0', 'e1']);
      expect(tenants.map((tenant) => unfiled(tenant))).toEqual([2, 0, 2, 2, 2, 2]);
      expect(rowsOf('inbox')).toBe(12);
      expect(await deliver(queue, 'a')).toEqual(['e0', 'e1']);
      // The first two rows are filed: those behind them wait for c.
      expect([unfiled(), rowsOf('inbox')]).toEqual([8, 10]);
      await queue.backlog();
      expect([unfiled(), rowsOf('inbox')]).toEqual([0, 0]);
      await queue.close();
    });

    it('for a tenant that nobody works for is filed all the same, once in a while', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const claim = () => queue.claim({ tenants: ['t'], limit: 1, nowMs: 10, leaseMs: 10 });
      await appendFor(queue, ['stranger', 's2', 's3', 's4', 's5'], 1);
      await claim();
      expect(unfiled()).toBe(0);
      await appendFor(queue, ['stranger', 's2', 's3', 's4', 's5', 's6'], 2);
      await claim();
      expect(unfiled()).toBe(6);
      const now = performance.now() + 1_000;
      jest.spyOn(performance, 'now').mockReturnValue(now);
      await claim();
      expect(unfiled()).toBe(0);
      jest.restoreAllMocks();
      await queue.close();
    });

    it('is known as filed after a kill, and what was delivered is not due again', async () => {
      const killed = SqliteQueue.open(folder, TIMES);
      await appendTogether(killed, 100, 10);
      await deliver(killed, 't');
      await appendFor(killed, ['a', 'b', 'c', 'd', 'e'], 1);
      await deliver(killed, 'c');
      const left = mkdtempSync(join(tmpdir(), 'queue-'));
      for (const name of ['queue.sqlite', 'queue.sqlite-wal']) copyFileSync(join(folder, name), join(left, name));
      await killed.close();
      const next = SqliteQueue.open(left, TIMES);
      expect((await next.backlog()).waitingEvents).toBe(4);
      expect(await deliver(next, 'c')).toEqual([]);
      expect(await deliver(next, 'd')).toEqual(['e0']);
      expect(await next.append({ ...newEvent('e0'), tenant: 'c' })).toBe('duplicate');
      await next.close();
      rmSync(left, { recursive: true });
    });

    it('is filed when too much of it has come, that first which has waited longest, and left as it is by the end', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const tenants = Array.from({ length: 10 }, (_, place) => `t${place}`);
      await appendFor(queue, tenants, 510);
      expect(unfiled()).toBeGreaterThan(4_700);
      expect(unfiled()).toBeLessThanOrEqual(5_010);
      expect(unfiled('t0')).toBeLessThan(unfiled('t9'));
      const before = unfiled();
      await queue.close();
      expect(unfiled()).toBe(before);
      expect(rowsOf('events') + before).toBe(5_100);
      const next = SqliteQueue.open(folder, TIMES);
      expect((await next.backlog('t9')).waitingEvents).toBe(510);
      await next.close();
    });

    it('lets a root rest for longer that is due by what is filed', async () => {
      const queue = SqliteQueue.open(folder, { settleMs: 5_000, settleMaxMs: 60_000 });
      const claimAt = (nowMs: number) => queue.claim({ tenants: ['t'], limit: 1, nowMs, leaseMs: 60_000 });
      // Once in a while what has come is filed for all; not again within this test.
      await appendFor(queue, ['a', 'b', 'c', 'd', 'e'], 1);
      await claimAt(0);
      await queue.append({ ...newEvent('e1'), receivedAtMs: 1_000 });
      expect((await claimAt(1_000)).nextDueAtMs).toBe(6_000);
      await appendTogether(queue, 2, 10, 4_000);
      expect((await claimAt(6_000)).claims).toEqual([]);
      expect((await claimAt(9_000)).claims[0]?.events).toHaveLength(11);
      await queue.close();
    });

    it('says when it is due, although it is not filed', async () => {
      const queue = SqliteQueue.open(folder, { settleMs: 5_000, settleMaxMs: 60_000 });
      const claimAt = (nowMs: number) => queue.claim({ tenants: ['t'], limit: 1, nowMs, leaseMs: 60_000 });
      await appendFor(queue, ['a', 'b', 'c', 'd', 'e'], 1);
      await claimAt(0);
      await appendTogether(queue, 1, 10, 4_000);
      expect((await claimAt(5_000)).nextDueAtMs).toBe(9_000);
      expect(unfiled()).toBe(10);
      await queue.close();
    });

    it('waits as it was when it could not be filed', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const ids = await appendTogether(queue, 1, 10);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec("CREATE TRIGGER refuse BEFORE INSERT ON roots BEGIN SELECT raise(ABORT, 'no'); END");
      await expect(queue.backlog()).rejects.toThrow(QueueUnavailableError);
      expect([unfiled(), rowsOf('events')]).toEqual([10, 0]);
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      expect(await queue.append(newEvent('e1'))).toBe('duplicate');
      expect(await deliver(queue, 't')).toEqual(ids);
      await queue.close();
    });

    it('stays known when an event after it was refused', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const ids = await appendTogether(queue, 1, 10);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec(
        "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.id = 'poison' BEGIN SELECT raise(ABORT, 'no'); END",
      );
      const refused = await Promise.allSettled(['e11', 'poison'].map((id) => queue.append(newEvent(id))));
      expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      expect(await deliver(queue, 't')).toEqual(ids);
      expect((await queue.backlog()).waitingEvents).toBe(0);
      await queue.close();
    });

    it('is all there after an event was refused by a disk that cannot be read either', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      await appendTogether(queue, 1, 10);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec("CREATE TRIGGER refuse BEFORE INSERT ON inbox BEGIN SELECT raise(ABORT, 'no'); END");
      jest.spyOn(StatementSync.prototype, 'all').mockImplementation(() => {
        throw new Error('disk I/O error');
      });
      await expect(queue.append(newEvent('refused'))).rejects.toThrow(QueueUnavailableError);
      jest.restoreAllMocks();
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      expect(await queue.append(newEvent('e1'))).toBe('duplicate');
      expect(await queue.append(newEvent('refused'))).toBe('appended');
      expect((await queue.backlog('t')).waitingEvents).toBe(11);
      await queue.close();
      const next = SqliteQueue.open(folder, TIMES);
      expect((await next.backlog('t')).waitingEvents).toBe(11);
      await next.close();
    });

    it('is new again when it came and was filed in one transaction, which could not be committed', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec(
        `CREATE TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER refuse AFTER INSERT ON roots BEGIN INSERT INTO child VALUES (1); END`,
      );
      await expect(queue.append(newEvent('e1'))).rejects.toThrow(QueueUnavailableError);
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      expect(await queue.append(newEvent('e1'))).toBe('appended');
      expect(await deliver(queue, 't')).toEqual(['e1']);
      await queue.close();
    });

    it('waits as it was when it was filed and the transaction could not end', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const ids = await appendTogether(queue, 1, 10);
      await Promise.all(['a', 'b'].map((id) => queue.append({ ...newEvent(id), tenant: 'stranger' })));
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec(
        "CREATE TRIGGER refuse BEFORE INSERT ON roots WHEN NEW.tenant = 'stranger' BEGIN SELECT raise(ABORT, 'no'); END",
      );
      // With the first call what others have got is filed as well, last.
      await expect(deliver(queue, 't')).rejects.toThrow(QueueUnavailableError);
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      expect([unfiled('t'), unfiled('stranger')]).toEqual([10, 2]);
      expect(await queue.append(newEvent('e1'))).toBe('duplicate');
      expect(await deliver(queue, 't')).toEqual(ids);
      await queue.close();
    });

    it('leaves the time of a retry alone when it came to a root in hand and was refused', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      const claimAt = async (nowMs: number) =>
        (await queue.claim({ tenants: ['t'], limit: 1, nowMs, leaseMs: 60_000 })).claims[0];
      await queue.append(newEvent('e1'));
      const claim = await claimAt(10);
      const blocker = new DatabaseSync(join(folder, 'queue.sqlite'));
      blocker.exec("CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no'); END");
      await expect(queue.append(newEvent('e2'))).rejects.toThrow(QueueUnavailableError);
      blocker.exec('DROP TRIGGER refuse');
      blocker.close();
      if (claim === undefined) throw new Error('There is no claim.');
      const retried = claim.events.map(({ sequence }) => ({ sequence, tries: 1, retryAtMs: 600_000, code: 'x' }));
      await queue.settle(claim, { nowMs: 20, ended: [], retried, records: [], places: [] });
      expect(await claimAt(30)).toBeUndefined();
      expect((await claimAt(600_000))?.events).toHaveLength(1);
      await queue.close();
    });

    it('of a tenant that is worked for is filed first, whatever of others has waited for longer', async () => {
      const queue = SqliteQueue.open(folder, { settleMs: 5_000, settleMaxMs: 60_000 });
      await queue.append({ ...newEvent('e1'), receivedAtMs: 1_000 });
      await Promise.all(
        Array.from({ length: 300 }, (_, place) => queue.append({ ...newEvent(`s${place}`), tenant: 'stranger' })),
      );
      await queue.append({ ...newEvent('e2'), receivedAtMs: 4_000 });
      expect((await queue.claim({ tenants: ['t'], limit: 1, nowMs: 6_000, leaseMs: 60_000 })).claims).toEqual([]);
      expect([unfiled('t'), unfiled('stranger')]).toEqual([0, 50]);
      await queue.close();
    });

    it('is filed by operators in steps, and not once more by the app', async () => {
      const queue = SqliteQueue.open(folder, TIMES);
      await appendTogether(queue, 0, 600);
      const operators = await openOperatorQueue({ dataDir: folder });
      expect((await operators.status()).tenants).toMatchObject([{ tenant: 't', waiting: 600 }]);
      expect([unfiled(), rowsOf('events')]).toEqual([0, 600]);
      expect((await queue.backlog('t')).waitingEvents).toBe(600);
      expect(await queue.append(newEvent('e7'))).toBe('duplicate');
      await appendTogether(queue, 600, 10);
      await operators.close();
      let delivered = 0;
      for (let some = 1; some > 0; delivered += some) some = (await deliver(queue, 't')).length;
      expect([delivered, rowsOf('events'), rowsOf('roots')]).toEqual([610, 610, 0]);
      await queue.close();
    });
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
