import {
  MAX_EVENTS_PER_CLAIM,
  type NewEvent,
  type Queue,
  type Settlement,
  type SettleTimes,
} from '../../src/queue/queue.js';

/** What a queue adapter brings to its conformance suite. */
export interface QueueUnderTest {
  /** Opens an empty queue. */
  open(times: SettleTimes): Promise<Queue>;
  /** Opens the same queue again, after `close` or after its process died. */
  reopen(times: SettleTimes): Promise<Queue>;
  /** Removes what is left. */
  cleanUp(): Promise<void>;
}

const TIMES: SettleTimes = { settleMs: 5_000, settleMaxMs: 30_000 };
const NOTHING: Settlement = { ended: [], retried: [], records: [] };
const LEASE_MS = 60_000;

function event(id: string, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    tenant: 'tenant-a',
    id,
    type: 'policy.issue',
    root: 'policy:1',
    occurredAtMs: 1_000,
    receivedAtMs: 10_000,
    payload: '{}',
    ...overrides,
  };
}

function delivered(claim: { events: readonly { sequence: number }[] }): Settlement {
  return { ...NOTHING, ended: claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const })) };
}

/** Every promise of the port, held against one adapter. */
export function describeQueueConformance(name: string, underTest: QueueUnderTest): void {
  describe(`queue conformance: ${name}`, () => {
    let queue: Queue;

    beforeEach(async () => {
      queue = await underTest.open(TIMES);
    });

    afterEach(async () => {
      await queue.close();
      await underTest.cleanUp();
    });

    const claim = async (nowMs: number, tenants = ['tenant-a'], limit = 10) =>
      queue.claim({ tenants, limit, nowMs, leaseMs: LEASE_MS });

    it('stores an event once per tenant and id', async () => {
      const answers = await Promise.all([
        queue.append(event('e1')),
        queue.append(event('e1')),
        queue.append(event('e1', { tenant: 'tenant-b' })),
      ]);
      expect(answers).toEqual(['appended', 'duplicate', 'appended']);
      expect(await queue.append(event('e1'))).toBe('duplicate');
      expect((await queue.backlog()).waitingEvents).toBe(2);
    });

    it('makes a root due when it has rested since its last event', async () => {
      await queue.append(event('e1', { receivedAtMs: 10_000 }));
      await queue.append(event('e2', { receivedAtMs: 13_000 }));
      expect(await claim(17_999)).toEqual({ claims: [], nextDueAtMs: 18_000 });
      const { claims } = await claim(18_000);
      expect(claims.map(({ events }) => events.map(({ id }) => id))).toEqual([['e1', 'e2']]);
    });

    it('makes a root under constant fire due at the longest rest', async () => {
      for (let at = 10_000; at <= 40_000; at += 1_000) {
        await queue.append(event(`e${at}`, { receivedAtMs: at }));
      }
      expect((await claim(39_999)).claims).toEqual([]);
      expect((await claim(40_000)).claims).toHaveLength(1);
    });

    it('gives a root to one claimant at a time', async () => {
      await queue.append(event('e1'));
      expect((await claim(20_000)).claims).toHaveLength(1);
      expect((await claim(20_000)).claims).toEqual([]);
      expect((await claim(20_000 + LEASE_MS - 1)).claims).toEqual([]);
    });

    it('gives a root again when its lease has run out, and refuses the late settlement', async () => {
      await queue.append(event('e1'));
      const late = (await claim(20_000)).claims[0];
      expect((await claim(20_500)).claims).toEqual([]);
      const current = (await claim(20_000 + LEASE_MS)).claims[0];
      if (!late || !current) throw new Error('both claims should have got the root');
      expect(await queue.settle(late, delivered(late))).toBe(false);
      expect((await queue.backlog('tenant-a')).waitingEvents).toBe(1);
      expect(await queue.settle(current, delivered(current))).toBe(true);
      expect((await queue.backlog('tenant-a')).waitingEvents).toBe(0);
    });

    it('makes a root due again that was touched while it was in hand', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.append(event('e2', { receivedAtMs: 21_000 }));
      await queue.settle(first, delivered(first));
      expect((await claim(25_999)).claims).toEqual([]);
      expect((await claim(26_000)).claims[0]?.events.map(({ id }) => id)).toEqual(['e2']);
    });

    it('forgets a root when all its events are over', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.settle(first, delivered(first));
      expect(await claim(9_999_999)).toEqual({ claims: [] });
      expect(await queue.append(event('e1'))).toBe('duplicate');
    });

    it('makes retried events due at their time, and hands out what joined them meanwhile', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      const sequence = first?.events[0]?.sequence;
      if (!first || sequence === undefined) throw new Error('the root should be due');
      await queue.settle(first, {
        ...NOTHING,
        retried: [{ sequence, tries: 1, retryAtMs: 80_000, code: 'status_500' }],
      });
      expect(await claim(79_999)).toEqual({ claims: [], nextDueAtMs: 80_000 });
      await queue.append(event('e2', { receivedAtMs: 60_000 }));
      const again = (await claim(65_000)).claims[0];
      expect(again?.events.map(({ id, tries, retryAtMs }) => ({ id, tries, retryAtMs }))).toEqual([
        { id: 'e2', tries: 0, retryAtMs: 0 },
        { id: 'e1', tries: 1, retryAtMs: 80_000 },
      ]);
    });

    it('counts dead letters and keeps them out of further claims', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      const sequence = first?.events[0]?.sequence;
      if (!first || sequence === undefined) throw new Error('the root should be due');
      await queue.settle(first, { ...NOTHING, ended: [{ sequence, end: 'dead', code: 'status_400' }] });
      expect(await queue.backlog('tenant-a')).toEqual({ waitingEvents: 0, deadLetters: 1 });
      expect((await claim(9_999_999)).claims).toEqual([]);
    });

    it('gives a released root again at the named time, its events untouched', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.release(first, 50_000);
      expect((await claim(49_999)).claims).toEqual([]);
      expect((await claim(50_000)).claims[0]?.events[0]).toMatchObject({ id: 'e1', tries: 0 });
    });

    it('takes one root per tenant in the order of the tenants asked for', async () => {
      for (const tenant of ['tenant-a', 'tenant-b', 'tenant-c']) {
        await queue.append(event('e1', { tenant, root: 'policy:1' }));
        await queue.append(event('e2', { tenant, root: 'policy:2' }));
      }
      const { claims } = await claim(20_000, ['tenant-c', 'tenant-a'], 10);
      expect(claims.map(({ tenant }) => tenant)).toEqual(['tenant-c', 'tenant-a']);
      const limited = await claim(20_000, ['tenant-b', 'tenant-a'], 1);
      expect(limited.claims.map(({ tenant }) => tenant)).toEqual(['tenant-b']);
    });

    it('gives a free root of a tenant while others of it are in hand', async () => {
      for (const root of ['policy:1', 'policy:2', 'policy:3']) {
        await queue.append(event(root, { root }));
      }
      const roots = [await claim(20_000), await claim(20_000), await claim(20_000), await claim(20_000)];
      expect(roots.map(({ claims }) => claims.length)).toEqual([1, 1, 1, 0]);
      expect(new Set(roots.flatMap(({ claims }) => claims.map(({ root }) => root))).size).toBe(3);
    });

    it('hands out a long burst in bounded parts', async () => {
      const total = MAX_EVENTS_PER_CLAIM + 50;
      await Promise.all(Array.from({ length: total }, (_, index) => queue.append(event(`e${index}`))));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      expect(first.events).toHaveLength(MAX_EVENTS_PER_CLAIM);
      await queue.settle(first, delivered(first));
      expect((await claim(20_000)).claims[0]?.events).toHaveLength(50);
    });

    it('hurries the retries of one tenant, but nothing that has just arrived', async () => {
      for (const tenant of ['tenant-a', 'tenant-b']) await queue.append(event('e1', { tenant }));
      for (const first of (await claim(20_000, ['tenant-a', 'tenant-b'])).claims) {
        const retried = first.events.map(({ sequence }) => ({
          sequence,
          tries: 1,
          retryAtMs: 90_000,
          code: 'status_500',
        }));
        await queue.settle(first, { ...NOTHING, retried });
      }
      await queue.append(event('e2', { root: 'policy:2', receivedAtMs: 29_000 }));
      expect(await queue.nextDueAtMs('tenant-a')).toBe(34_000);
      await queue.makeDue('tenant-a', 30_000);
      expect(await queue.nextDueAtMs('tenant-a')).toBe(30_000);
      const { claims } = await claim(30_000, ['tenant-a', 'tenant-b']);
      expect(claims.map(({ tenant, root }) => [tenant, root])).toEqual([['tenant-a', 'policy:1']]);
    });

    it('hands out what was never tried before what failed, so that a long failing burst starves nobody', async () => {
      const total = MAX_EVENTS_PER_CLAIM + 50;
      await Promise.all(Array.from({ length: total }, (_, index) => queue.append(event(`e${index}`))));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      const retried = first.events.map(({ sequence }) => ({
        sequence,
        tries: 1,
        retryAtMs: 90_000,
        code: 'status_500',
      }));
      await queue.settle(first, { ...NOTHING, retried });
      const second = (await claim(20_001)).claims[0];
      if (!second) throw new Error('the rest should be due');
      expect(second.events.slice(0, 50).every(({ tries }) => tries === 0)).toBe(true);
      const rest = second.events
        .filter(({ tries }) => tries === 0)
        .map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
      await queue.settle(second, { ...NOTHING, ended: rest });
      expect((await claim(89_999)).claims).toEqual([]);
    });

    it('remembers records per tenant and connection, and keeps a known target id', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      const mark = { connection: 'c1', key: 'p-pol-1', revision: 'r1', contentHash: 'h1', confirmed: true };
      await queue.settle(first, { ...NOTHING, records: [{ ...mark, targetId: '42' }] });
      await queue.append(event('e2', { receivedAtMs: 21_000 }));
      const second = (await claim(60_000)).claims[0];
      if (!second) throw new Error('the root should be due again');
      await queue.settle(second, { ...delivered(second), records: [{ ...mark, revision: 'r2', confirmed: false }] });
      expect(await queue.recordMarks('tenant-a', 'c1', ['p-pol-1', 'p-pol-2'])).toEqual(
        new Map([['p-pol-1', { revision: 'r2', contentHash: 'h1', confirmed: false, targetId: '42' }]]),
      );
      expect(await queue.recordMarks('tenant-a', 'c2', ['p-pol-1'])).toEqual(new Map());
      expect(await queue.recordMarks('tenant-b', 'c1', ['p-pol-1'])).toEqual(new Map());
    });

    it('hands a root out again when time changes it, without an event, until it is told never', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
      expect(await claim(89_999)).toEqual({ claims: [], nextDueAtMs: 90_000 });
      const woken = (await claim(90_000)).claims[0];
      expect(woken).toMatchObject({ root: 'policy:1', events: [] });
      if (!woken) throw new Error('the root should have been woken');
      await queue.settle(woken, { ...NOTHING, wake: 'never' });
      expect(await claim(9_999_999)).toEqual({ claims: [] });
    });

    it('keeps the wake-up of a root over events and their retries, and does not hurry it', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
      await queue.makeDue('tenant-a', 30_000);
      expect((await claim(30_000)).claims).toEqual([]);
      await queue.append(event('e2', { receivedAtMs: 30_000 }));
      const second = (await claim(35_000)).claims[0];
      if (!second) throw new Error('the event should make it due');
      await queue.settle(second, delivered(second));
      expect((await claim(90_000)).claims[0]?.events).toEqual([]);
    });

    it('does not hand a passed wake-up out again at once when nothing new is known about it', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
      const woken = (await claim(90_000)).claims[0];
      if (!woken) throw new Error('the root should have been woken');
      await queue.settle(woken, NOTHING);
      expect((await claim(90_001)).claims).toEqual([]);
      expect((await claim(90_000 + 3_600_000)).claims).toHaveLength(1);
    });

    it('waits for the retry of an event although a wake-up has passed', async () => {
      await queue.append(event('e1'));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('the root should be due');
      await queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
      await queue.append(event('e2', { receivedAtMs: 90_000 }));
      const both = (await claim(100_000)).claims[0];
      const sequence = both?.events[0]?.sequence;
      if (!both || sequence === undefined) throw new Error('the event should be due');
      await queue.settle(both, { ...NOTHING, retried: [{ sequence, tries: 1, retryAtMs: 160_000, code: 'x' }] });
      expect((await claim(159_999)).claims).toEqual([]);
      expect((await claim(160_000)).claims).toHaveLength(1);
    });

    it('puts a root that was not settled for good behind the others of its tenant', async () => {
      await queue.append(event('e1', { root: 'policy:1' }));
      await queue.append(event('e2', { root: 'policy:2', receivedAtMs: 10_001 }));
      const first = (await claim(20_000)).claims[0];
      if (!first) throw new Error('a root should be due');
      await queue.settle(first, NOTHING);
      expect([first.root, (await claim(20_001)).claims[0]?.root]).toEqual(['policy:1', 'policy:2']);
    });

    it('keeps the rest of fresh events when others are moved to their root', async () => {
      await queue.append(event('e1', { root: 'payment:9' }));
      await queue.append(event('e2', { root: 'policy:1', receivedAtMs: 14_000 }));
      const stray = (await claim(15_000)).claims[0];
      if (!stray) throw new Error('the payment should be due');
      await queue.move(stray, 'policy:1', 15_000);
      expect((await claim(18_999)).claims).toEqual([]);
      expect((await claim(19_000)).claims[0]?.events).toHaveLength(2);
    });

    it('moves events under the root they turned out to belong to', async () => {
      await queue.append(event('e1', { root: 'payment:9' }));
      await queue.append(event('e2', { root: 'policy:1', receivedAtMs: 12_000 }));
      const stray = (await claim(15_000)).claims[0];
      if (!stray) throw new Error('the payment should be due');
      expect(await queue.move(stray, 'policy:1', 16_000)).toBe(true);
      expect(await queue.move(stray, 'policy:1', 16_000)).toBe(false);
      const { claims } = await claim(17_000);
      expect(claims.map(({ root, events }) => [root, events.map(({ id }) => id)])).toEqual([
        ['policy:1', ['e1', 'e2']],
      ]);
      expect((await claim(9_999)).claims).toEqual([]);
    });

    it('keeps a cursor per tenant, also over a restart', async () => {
      expect(await queue.cursor('tenant-a')).toBeUndefined();
      await queue.saveCursor('tenant-a', 'page-1');
      await queue.saveCursor('tenant-a', 'page-2');
      await queue.saveCursor('tenant-b', 'other');
      await queue.close();
      queue = await underTest.reopen(TIMES);
      expect([await queue.cursor('tenant-a'), await queue.cursor('tenant-b')]).toEqual(['page-2', 'other']);
    });

    it('goes on after a restart where it stopped; what was in hand is due again', async () => {
      await queue.append(event('e1'));
      await queue.append(event('e2', { root: 'policy:2' }));
      await claim(20_000);
      await queue.close();
      queue = await underTest.reopen(TIMES);
      const ids = [await claim(20_000 + LEASE_MS), await claim(20_000 + LEASE_MS)].flatMap(({ claims }) =>
        claims.flatMap(({ events }) => events.map(({ id }) => id)),
      );
      expect(ids.sort()).toEqual(['e1', 'e2']);
    });

    it('tells the age of its oldest waiting event, and answers its check', async () => {
      await queue.append(event('e1', { receivedAtMs: 12_345 }));
      expect(await queue.backlog()).toEqual({ waitingEvents: 1, deadLetters: 0, oldestReceivedAtMs: 12_345 });
      await expect(queue.check()).resolves.toBeUndefined();
    });
  });
}
