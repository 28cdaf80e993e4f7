import { jest } from '@jest/globals';
import { Client } from 'pg';
import { delivered, event, LEASE_MS } from '../../../test/conformance/queue/queue-bench.js';
import {
  describeWithOwnPostgres,
  describeWithPostgres,
  type PostgresServer,
  startPostgres,
} from '../../../test/support/postgres-server.ts';
import { QueueUnavailableError } from '../queue.js';
import { PostgresQueue } from './postgres-queue.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };
const KILL_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'socotra-sync'`;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const startedMs = performance.now(); !(await isSo().catch(() => false)); await sleep(20)) {
    if (performance.now() - startedMs > 60_000) throw new Error('it never came');
  }
}

const claimOne = async (queue: PostgresQueue) =>
  (await queue.claim({ tenants: ['tenant-a'], limit: 1, nowMs: 20_000, leaseMs: LEASE_MS })).claims[0];

/** Appends without end until it is told to stop. @returns the ids that were answered, and the number of refusals */
function startAppending(queue: PostgresQueue, lanes: number) {
  const stored: string[] = [];
  const others: unknown[] = [];
  let refused = 0;
  let isOver = false;
  const lane = async (name: number) => {
    for (let index = 0; !isOver; index++) {
      const id = `lane-${name}-${index}`;
      await queue.append(event(id, { root: `policy:${name}` })).then(
        () => stored.push(id),
        (error: unknown) => {
          if (error instanceof QueueUnavailableError) refused++;
          else others.push(error);
          return sleep(5);
        },
      );
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, (_, name) => lane(name)));
  return {
    stored,
    stop: async () => {
      isOver = true;
      await running;
      return { refused, others };
    },
  };
}

describeWithPostgres('a database that drops connections', () => {
  let server: PostgresServer;
  let url: string;
  let queue: PostgresQueue;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    url = await server.createDatabase();
    queue = await PostgresQueue.open(url, TIMES);
  });
  afterEach(() => queue.close());

  const storedIds = async () =>
    new Set((await server.query(url, 'SELECT id FROM socotra_sync.events')).map(({ id }) => id));

  it('refuses appends while it does, stores what it has answered, and goes on by itself', async () => {
    const load = startAppending(queue, 8);
    for (let kills = 0; kills < 10; kills++) {
      await sleep(60);
      await server.query(url, KILL_ALL);
    }
    await sleep(200);
    const { refused, others } = await load.stop();
    expect(refused).toBeGreaterThan(0);
    expect(others).toEqual([]);
    const ids = await storedIds();
    expect(load.stored.length).toBeGreaterThan(100);
    expect(load.stored.filter((id) => !ids.has(id))).toEqual([]);
    await until(async () => (await queue.check(), true));
  });

  it('gives a lock back although the question for that was never asked', async () => {
    const other = await PostgresQueue.open(url, TIMES);
    const ask = Client.prototype.query as (text: unknown, values?: unknown) => Promise<unknown>;
    let unasked = 0;
    const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
      this: Client,
      text: unknown,
      values: unknown,
    ) {
      const isUnlock = text === 'SELECT pg_advisory_unlock($1)';
      if (!isUnlock || unasked > 0) return ask.call(this, text, values);
      unasked += 1;
      return Promise.reject(new Error('Query read timeout'));
    } as typeof Client.prototype.query);
    try {
      await queue.runAlone(['party x'], () => Promise.resolve());
      expect(unasked).toBe(1);
      const taken = other.runAlone(['party x'], () => Promise.resolve('taken'));
      expect(await Promise.race([taken, sleep(60_000)])).toBe('taken');
    } finally {
      spy.mockRestore();
      await other.close();
    }
  }, 200_000);

  it('hears of work again after the listening connection was lost', async () => {
    const heard: number[] = [];
    queue.onWork((dueAtMs) => heard.push(dueAtMs));
    await server.query(url, KILL_ALL);
    // What was missed meanwhile is not known: everybody is told to look.
    await until(async () => heard.includes(0));
    await until(async () => (await queue.append(event('e1', { receivedAtMs: 777 }))) === 'appended');
    await until(async () => heard.includes(777));
  });

  it('settles a claim whole or not at all, and lets it be worked on again when the answer was lost', async () => {
    for (let round = 0; round < 30; round++) {
      await until(async () => (await queue.append(event(`e${round}`))) !== undefined);
      let claim = await claimOne(queue).catch(() => undefined);
      await until(async () => (claim ??= await claimOne(queue)) !== undefined);
      if (!claim) throw new Error('the root should be due');
      const mark = { connection: 'c', key: `k${round}`, revision: 'r', contentHash: 'h', confirmed: true };
      const settling = queue.settle(claim, { ...delivered(claim), records: [mark] }).catch(() => undefined);
      await sleep(round % 6);
      await server.query(url, KILL_ALL);
      const answer = await settling;
      const { waitingEvents } = await server
        .query(url, `SELECT count(*)::int AS "waitingEvents" FROM socotra_sync.events WHERE state = 'waiting'`)
        .then(([row]) => row ?? {});
      const marks = await server.query(url, 'SELECT 1 FROM socotra_sync.records WHERE key = $1', [`k${round}`]);
      expect([answer === true, waitingEvents, marks.length]).toEqual(
        waitingEvents === 0 ? [answer === true, 0, 1] : [false, claim.events.length, 0],
      );
      const current = claim;
      await until(async () => (await queue.release(current, 0), true));
    }
  });

  it('keeps /health honest: no answer while nothing can be stored, and again when it can', async () => {
    await server.query(url, 'ALTER TABLE socotra_sync.events RENAME TO elsewhere');
    await expect(queue.append(event('e1'))).rejects.toBeInstanceOf(QueueUnavailableError);
    await server.query(url, 'ALTER TABLE socotra_sync.elsewhere RENAME TO events');
    expect(await queue.append(event('e1'))).toBe('appended');
    await expect(queue.check()).resolves.toBeUndefined();
  });

  it('takes an event with characters that PostgreSQL has not, and the others of its turn', async () => {
    const ids = ['plain', 'zero\0', 'half\ud800', 'zero\0'];
    expect(await Promise.all(ids.map((id) => queue.append(event(id, { payload: id }))))).toEqual([
      'appended',
      'appended',
      'appended',
      'duplicate',
    ]);
    expect(await queue.append(event('zero\0'))).toBe('duplicate');
  });
});

describeWithOwnPostgres('a database server that is stopped', () => {
  let server: PostgresServer;
  let url: string;
  let queue: PostgresQueue;

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
    queue = await PostgresQueue.open(url, TIMES);
  });
  afterAll(async () => {
    await queue.close();
    await server.close();
  });

  it.each(['fast', 'immediate'] as const)('loses nothing that was answered (%s), under load', async (mode) => {
    const load = startAppending(queue, 16);
    await sleep(500);
    const before = load.stored.length;
    await server.stop(mode);
    await expect(queue.check()).rejects.toThrow();
    await expect(queue.claim({ tenants: ['tenant-a'], limit: 1, nowMs: 1, leaseMs: 1 })).rejects.toThrow(
      QueueUnavailableError,
    );
    await sleep(300);
    await server.start();
    await until(async () => (await queue.check(), true));
    const restartedMs = load.stored.length;
    await until(async () => load.stored.length > restartedMs + 100);
    const { refused, others } = await load.stop();
    expect(before).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(0);
    expect(others).toEqual([]);
    const ids = new Set((await server.query(url, 'SELECT id FROM socotra_sync.events')).map(({ id }) => id));
    expect(load.stored.filter((id) => !ids.has(id))).toEqual([]);
  });
});
