import { jest } from '@jest/globals';
import { Client } from 'pg';
import { delivered, event, LEASE_MS, NOTHING } from '../../../test/conformance/queue/queue-bench.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../../test/support/postgres-server.ts';
import { type ClaimedRoot, LockNotGivenError } from '../queue.js';
import { PostgresQueue } from './postgres-queue.js';
import { LOCK_REST } from './replica-statements.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };

describeWithPostgres('several replicas on one database', () => {
  let server: PostgresServer;
  let url: string;
  const opened: PostgresQueue[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    url = await server.createDatabase();
  });
  afterEach(() => Promise.all(opened.splice(0).map((queue) => queue.close())));

  async function openReplicas(count: number): Promise<PostgresQueue[]> {
    const queues = await Promise.all(Array.from({ length: count }, () => PostgresQueue.open(url, TIMES)));
    opened.push(...queues);
    return queues;
  }

  async function openTwo(): Promise<[PostgresQueue, PostgresQueue]> {
    const [first, second] = await openReplicas(2);
    if (!first || !second) throw new Error('two were asked for');
    return [first, second];
  }

  async function claimOne(queue: PostgresQueue, nowMs = 20_000): Promise<ClaimedRoot | undefined> {
    return (await queue.claim({ tenants: ['tenant-a'], limit: 1, nowMs, leaseMs: LEASE_MS })).claims[0];
  }

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** How long it takes until it is so; fails after a minute. */
  async function msUntil(isSo: () => boolean | Promise<boolean>): Promise<number> {
    const startedMs = performance.now();
    while (!(await isSo())) {
      if (performance.now() - startedMs > 60_000) throw new Error('it never came');
      await sleep(10);
    }
    return performance.now() - startedMs;
  }

  it('prepares the database once, however many boot together', async () => {
    const queues = await openReplicas(6);
    expect(await Promise.all(queues.map((queue) => queue.append(event('e1'))))).toContain('appended');
    expect(await server.query(url, 'SELECT version FROM socotra_sync.schema_version')).toEqual([{ version: 2 }]);
    await msUntil(() => queues.every((queue) => queue.replicas() === 6));
    await opened.pop()?.close();
    await msUntil(() => queues[0]?.replicas() === 5);
  });

  it('accepts an event once, whichever replica it comes to', async () => {
    const queues = await openReplicas(4);
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, index) => queues[index % 4]?.append(event(`e${Math.floor(index / 4)}`))),
    );
    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(100);
    expect(answers.filter((answer) => answer === 'duplicate')).toHaveLength(300);
    expect((await queues[0]?.backlog())?.waitingEvents).toBe(100);
  });

  it('gives each of 200 roots to one of 8 replicas, and every event has one end', async () => {
    const queues = await openReplicas(8);
    const roots = Array.from({ length: 200 }, (_, index) => `policy:${index}`);
    await Promise.all(roots.map((root, index) => queues[index % 8]?.append(event(root, { root }))));
    const inHand = new Set<string>();
    const seen: string[] = [];
    const replica = async (queue: PostgresQueue) => {
      for (let idle = 0; idle < 20;) {
        const claim = await claimOne(queue);
        if (!claim) {
          idle++;
          await sleep(5);
          continue;
        }
        expect(inHand.has(claim.root)).toBe(false);
        inHand.add(claim.root);
        seen.push(...claim.events.map(({ id }) => id));
        await sleep(Math.random() * 5);
        inHand.delete(claim.root);
        expect(await queue.settle(claim, delivered(claim))).toBe(true);
      }
    };
    await Promise.all(queues.map(replica));
    expect(seen.toSorted()).toEqual(roots.toSorted());
    expect(await queues[0]?.backlog()).toEqual({ waitingEvents: 0, deadLetters: 0 });
  });

  it('keeps late workers from storing anything once the lease has run out and another has the root', async () => {
    const [slow, quick] = await openTwo();
    await slow.append(event('e1'));
    const late = await claimOne(slow);
    expect(await claimOne(quick)).toBeUndefined();
    await server.query(url, `UPDATE socotra_sync.roots SET lease_until = clock_timestamp() - interval '1 second'`);
    const current = await claimOne(quick);
    if (!late || !current) throw new Error('both should have got the root');
    expect(current.lease).toBeGreaterThan(late.lease);
    const mark = { connection: 'c', key: 'k', revision: 'old', contentHash: 'h', confirmed: true };
    expect(await slow.settle(late, { ...delivered(late), records: [mark], wake: { atMs: 1 } })).toBe(false);
    expect(await slow.move(late, 'policy:9', 0)).toBe(false);
    await slow.release(late, 0);
    expect(await claimOne(slow)).toBeUndefined();
    expect(await quick.recordMarks('tenant-a', 'c', ['k'])).toEqual(new Map());
    expect((await quick.backlog()).waitingEvents).toBe(1);
    expect(await quick.settle(current, delivered(current))).toBe(true);
    expect(await quick.settle(current, delivered(current))).toBe(false);
  });

  it('frees the roots of a replica that is not heard of any more, and of one that leaves', async () => {
    const [dead, living] = await openTwo();
    await dead.append(event('e1'));
    expect(await claimOne(dead)).toBeDefined();
    expect(await claimOne(living)).toBeUndefined();
    await server.query(
      url,
      `UPDATE socotra_sync.replicas SET seen_at = seen_at - interval '31 seconds'
      WHERE id = (SELECT lease_owner FROM socotra_sync.roots)`,
    );
    const taken = await claimOne(living);
    expect(taken?.root).toBe('policy:1');
    await living.close();
    expect(await claimOne(dead)).toBeDefined();
  });

  it('frees a root at the next beat when the answer to its claim was lost', async () => {
    const [queue] = await openTwo();
    await queue.append(event('e1'));
    // What the database has stored of a claim whose answer never came: the replica knows nothing of it.
    await server.query(
      url,
      `UPDATE socotra_sync.roots SET lease = nextval('socotra_sync.leases'),
      lease_until = clock_timestamp() + interval '1 hour', claimed_at = 0,
      lease_owner = (SELECT id FROM socotra_sync.replicas ORDER BY seen_at LIMIT 1)`,
    );
    expect(await claimOne(queue)).toBeUndefined();
    expect(await msUntil(async () => (await claimOne(queue)) !== undefined)).toBeLessThan(15_000);
  });

  /** As when replicas come or go: everybody says at once that it lives. */
  const beatNow = () => server.query(url, `SELECT pg_notify('socotra_sync', 'replicas')`);

  it('does not trust a lease again that another replica took while this one was not heard of', async () => {
    const [away, other] = await openTwo();
    await away.append(event('e1'));
    const lost = await claimOne(away);
    if (!lost) throw new Error('the root should be due');
    await server.query(
      url,
      `UPDATE socotra_sync.replicas SET seen_at = seen_at - interval '31 seconds'
      WHERE id = (SELECT lease_owner FROM socotra_sync.roots)`,
    );
    const taken = await claimOne(other);
    if (!taken) throw new Error('the root should have been free');
    await away.append(event('e2', { root: 'policy:2' }));
    await beatNow();
    await msUntil(() => !away.isHeld(lost));
    const next = await claimOne(away);
    if (!next) throw new Error('the other root should be due');
    await beatNow();
    // Longer than from one beat to the next.
    for (let looks = 0; looks < 60; looks++, await sleep(100)) {
      expect([away.isHeld(lost), away.isHeld(next), other.isHeld(taken)]).toEqual([false, true, true]);
    }
    expect(await away.settle(lost, delivered(lost))).toBe(false);
  });

  it('does not trust a lease that runs out while it would be trusted', async () => {
    const [queue] = await openTwo();
    await queue.append(event('e1'));
    const claim = await claimOne(queue);
    if (!claim) throw new Error('the root should be due');
    await server.query(url, `UPDATE socotra_sync.roots SET lease_until = clock_timestamp() + interval '19 seconds'`);
    await beatNow();
    expect(await msUntil(() => !queue.isHeld(claim))).toBeLessThan(10_000);
    expect(await queue.settle(claim, delivered(claim))).toBe(true);
  });

  it('wakes another replica in less than a second', async () => {
    const [first, second] = await openTwo();
    const dueAtMs: number[] = [];
    second.onWork((atMs) => dueAtMs.push(atMs));
    await first.append(event('e1', { receivedAtMs: 12_345 }));
    expect(await msUntil(() => dueAtMs.includes(12_345))).toBeLessThan(1_000);
    const claim = await claimOne(second);
    if (!claim) throw new Error('the root should be due');
    await second.settle(claim, {
      ...NOTHING,
      retried: claim.events.map(({ sequence }) => ({ sequence, tries: 1, retryAtMs: 99_000, code: 'x' })),
    });
    await first.makeDue('tenant-a', 55_555);
    await msUntil(() => dueAtMs.includes(55_555));
  });

  it('rests everywhere, and goes on everywhere', async () => {
    const [first, second] = await openTwo();
    await first.append(event('e1'));
    await first.changeRest('tenant-a', () => ({ holdUntilMs: 90_000, failures: 1 }));
    expect(await claimOne(second, 89_999)).toBeUndefined();
    const woken = new Promise<number>((resolve) => second.onWork(resolve));
    await first.changeRest('tenant-a', () => undefined);
    expect(await woken).toBe(0);
    expect(await claimOne(second, 20_000)).toBeDefined();
  });

  it('changes a rest by one replica after the other although a third ends it at the same moment', async () => {
    const [first, second] = await openTwo();
    await first.changeRest('tenant-a', () => ({ holdUntilMs: 1, failures: 7 }));
    const failed = (rest?: { failures: number }) => ({ holdUntilMs: 1, failures: (rest?.failures ?? 0) + 1 });
    const ask = Client.prototype.query as (statement: unknown, values?: unknown) => Promise<unknown>;
    const arrived: (() => void)[] = [];
    const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(async function (
      this: Client,
      statement: unknown,
      values: unknown,
    ) {
      // Both have found the row, and neither has locked it yet.
      if (statement === LOCK_REST && arrived.length < 2) {
        await new Promise<void>((resolve) => arrived.push(resolve));
      }
      return ask.call(this, statement, values);
    } as typeof Client.prototype.query);
    try {
      const changes = [first, second].map((queue) => queue.changeRest('tenant-a', failed));
      await msUntil(() => arrived.length === 2);
      await server.query(url, 'DELETE FROM socotra_sync.rests');
      for (const goOn of arrived) goOn();
      await Promise.all(changes);
    } finally {
      spy.mockRestore();
    }
    expect(await first.restOf('tenant-a')).toEqual({ holdUntilMs: 1, failures: 2 });
  });

  it('runs one task of a name at a time over all replicas, and none waits for a replica that is gone', async () => {
    const queues = await openReplicas(3);
    let running = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => queues[index % 3]?.runAlone(['party:1'], task)));
    expect(most).toBe(1);
    const [first, second] = queues;
    let letGo: () => void = () => undefined;
    const held = first?.runAlone(['party:2'], () => new Promise<void>((resolve) => (letGo = resolve)));
    await sleep(100);
    await server.query(url, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`);
    await second?.runAlone(['party:2'], () => Promise.resolve());
    letGo();
    await held;
  });

  describe('of a name that another replica has', () => {
    const endOf = (asked: Promise<unknown>) => asked.catch((error: unknown) => error);

    /** The first has it until it is told to let go. */
    async function whileHeld(work: (first: PostgresQueue, second: PostgresQueue) => Promise<void>): Promise<void> {
      const [first, second] = await openTwo();
      await msUntil(() => first.replicas() === 2);
      let letGo: () => void = () => undefined;
      const hasIt = new Promise<void>((resolve) => (letGo = resolve));
      let isHeld = false;
      const held = first.runAlone(['party:1'], () => {
        isHeld = true;
        return hasIt;
      });
      await msUntil(() => isHeld);
      await work(first, second).finally(letGo);
      await held;
    }

    it('a replica that ends waits no longer, nor begins to, and still takes what is free', async () => {
      await whileHeld(async (_first, second) => {
        let ran = 0;
        const task = () => Promise.resolve(ran++);
        // The second of these waits behind the first within this replica.
        const waiting = [0, 1].map(() => endOf(second.runAlone(['party:0', 'party:1'], task)));
        await sleep(200);
        const endedAtMs = performance.now();
        second.endWaits();
        for (const end of await Promise.all(waiting)) expect(end).toBeInstanceOf(LockNotGivenError);
        expect(await endOf(second.runAlone(['party:1'], task))).toBeInstanceOf(LockNotGivenError);
        expect(performance.now() - endedAtMs).toBeLessThan(2_000);
        expect(ran).toBe(0);
        for (let turns = 0; turns < 5; turns++) {
          expect(await second.runAlone(['party:0'], () => Promise.resolve('free'))).toBe('free');
        }
      });
    });

    it('whoever has waited for two minutes is told that it is nobody’s failure', async () => {
      const now = performance.now.bind(performance);
      let aheadMs = 0;
      const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
      try {
        await whileHeld(async (_first, second) => {
          const waiting = endOf(second.runAlone(['party:1'], () => Promise.resolve()));
          await sleep(200);
          aheadMs = 121_000;
          expect(await waiting).toBeInstanceOf(LockNotGivenError);
        });
      } finally {
        clock.mockRestore();
      }
    });

    it('others get a turn although the replica that has it wants it again at once', async () => {
      const [busy, waiting] = await openTwo();
      await msUntil(() => busy.replicas() === 2);
      const turnsBefore = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map(async (name) => {
          let turns = 0;
          let isOver = false;
          const again = async () => {
            for (; !isOver && turns < 200; turns++) await busy.runAlone([name], () => sleep(60));
          };
          const running = again();
          await sleep(30);
          await waiting.runAlone([name], () => Promise.resolve());
          isOver = true;
          const turnsUntilThen = turns;
          await running;
          return turnsUntilThen;
        }),
      );
      expect(Math.max(...turnsBefore)).toBeLessThanOrEqual(3);
    });
  });

  it('takes a name again at once where nobody else could want it', async () => {
    const [queue] = await openReplicas(1);
    const startedMs = performance.now();
    for (let turns = 0; turns < 40; turns++) await queue?.runAlone(['a'], () => Promise.resolve());
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
