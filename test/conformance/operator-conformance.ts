import { OperatorQueue } from '../../src/queue/operator/operator-queue.js';
import type { OperatorStore, RunSql } from '../../src/queue/operator/operator-store.js';
import { EVENT_STATES, type EventFilter } from '../../src/queue/operator/traces.js';
import type { ClaimedRoot, EventEnd } from '../../src/queue/queue.js';
import { PAUSED_BY_OPERATOR } from '../../src/queue/tenant-rest.js';
import { event, LEASE_MS, NOTHING, QueueBench, type QueueUnderTest } from './queue/queue-bench.js';

const DEAD: EventFilter = { states: ['dead'] };
const NAMES = { sequences: [], eventIds: [], keys: [], roots: [] };

/** A store with which something happens right after the events of a step were looked up. */
function interrupted(store: OperatorStore, happens: () => Promise<unknown>): OperatorStore {
  const run: RunSql = async (text, values) => {
    const rows = await store.run(text, values);
    if (text.startsWith('SELECT sequence')) await happens();
    return rows;
  };
  return new Proxy(store, { get: (target, name): unknown => (name === 'run' ? run : Reflect.get(target, name)) });
}

/** What operators see and change while a worker has the same queue in hand, held against one store. */
export function describeOperatorConformance(
  name: string,
  underTest: QueueUnderTest & { openOperator(): Promise<OperatorQueue>; openStore(): Promise<OperatorStore> },
): void {
  describe(`operator conformance: ${name}`, () => {
    const bench = new QueueBench(underTest);
    let operator: OperatorQueue;
    beforeEach(async () => {
      await bench.open();
      operator = await underTest.openOperator();
    });
    afterEach(async () => {
      await operator.close();
      await bench.end();
    });

    async function claimOne(nowMs: number, tenant = 'tenant-a'): Promise<ClaimedRoot> {
      const [claim] = (await bench.claim(nowMs, [tenant], 1)).claims;
      if (!claim) throw new Error('a root should be due');
      return claim;
    }

    /** An event on a root of its own that ended so. */
    async function ended(id: string, end: EventEnd, code: string, parts: object = {}): Promise<void> {
      const appended = event(id, { root: `policy:${id}`, ...parts });
      await bench.queue.append(appended);
      const claim = await claimOne(20_000, appended.tenant);
      const all = claim.events.map(({ sequence }) => ({ sequence, end, code }));
      await bench.queue.settle(claim, { ...NOTHING, nowMs: appended.receivedAtMs + 5_000, ended: all });
    }

    async function replayed(filter: EventFilter, nowMs = 100_000): Promise<number> {
      return (await operator.replay(filter, 0, 50, nowMs)).changed;
    }

    it('counts per tenant what waits, what is retried and what is dead', async () => {
      await ended('e1', 'dead', 'status_400');
      await ended('e2', 'delivered', 'x');
      await bench.queue.append(event('e3', { receivedAtMs: 11_000 }));
      const claim = await claimOne(30_000);
      await bench.queue.settle(claim, {
        ...NOTHING,
        retried: claim.events.map(({ sequence }) => ({ sequence, tries: 1, retryAtMs: 99_000, code: 'timeout' })),
      });
      await bench.queue.append(event('e4', { tenant: 'tenant-b' }));
      const { tenants, events, store } = await operator.status();
      expect(tenants).toEqual([
        { tenant: 'tenant-a', waiting: 1, retrying: 1, dead: 1, oldestReceivedAtMs: 11_000 },
        { tenant: 'tenant-b', waiting: 1, retrying: 0, dead: 0, oldestReceivedAtMs: 10_000 },
      ]);
      expect([events, store.running]).toEqual([4, 1]);
      expect(store.bytes).toBeGreaterThan(10_000);
    });

    it.each<[string, Partial<EventFilter>, readonly string[]]>([
      ['nothing else', {}, ['d3', 'd2', 'd1']],
      ['a tenant', { tenant: 'tenant-b' }, ['d3']],
      ['a type', { type: 'claim.open' }, ['d2']],
      ['a reason', { code: 'status_400' }, ['d2', 'd1']],
      ['a root', { root: 'policy:d1' }, ['d1']],
      ['a time', { sinceMs: 15_500 }, ['d3', 'd2']],
      ['a time before', { untilMs: 15_500 }, ['d1']],
      ['both at once', { tenant: 'tenant-a', code: 'status_400', sinceMs: 15_500, untilMs: 99_000 }, ['d2']],
      ['no number', { sequences: [] }, []],
      ['another state', { states: ['skipped', 'delivered'] }, ['o2', 'o1']],
    ])('finds dead letters by %s', async (_by, filter, ids) => {
      await ended('d1', 'dead', 'status_400');
      await ended('d2', 'dead', 'status_400', { type: 'claim.open', receivedAtMs: 11_000 });
      await ended('d3', 'dead', 'core_forbids_claim', { tenant: 'tenant-b', receivedAtMs: 12_000 });
      await ended('o1', 'delivered', 'x');
      await ended('o2', 'skipped', 'no_locator');
      const all = { ...DEAD, ...filter };
      expect((await operator.events(all, 10)).map(({ id }) => id)).toEqual(ids);
      expect((await operator.groups(all)).reduce((sum, { events }) => sum + events, 0)).toBe(ids.length);
      expect(await operator.count(all)).toBe(ids.length);
    });

    it('tells of an event all but its payload', async () => {
      await ended('e1', 'dead', 'status_400');
      const [found] = await operator.events(DEAD, 1);
      expect(found).toEqual({
        sequence: expect.any(Number),
        tenant: 'tenant-a',
        id: 'e1',
        type: 'policy.issue',
        root: 'policy:e1',
        state: 'dead',
        code: 'status_400',
        tries: 0,
        occurredAtMs: 1_000,
        receivedAtMs: 10_000,
        endedAtMs: 15_000,
        forgotten: false,
      });
    });

    it('has the worker try a dead letter again, with its whole schedule', async () => {
      await ended('e1', 'dead', 'status_400');
      await ended('e2', 'dead', 'status_404');
      expect((await bench.claim(99_000)).claims).toEqual([]);
      expect(await replayed({ ...DEAD, code: 'status_400' })).toBe(1);
      const claim = await claimOne(130_000);
      expect(claim.dueAtMs).toBe(100_000);
      expect(claim.events).toMatchObject([{ id: 'e1', tries: 0, retryAtMs: 0, payload: '{}' }]);
      expect(await bench.queue.settle(claim, NOTHING)).toBe(true);
      expect(await bench.queue.backlog()).toMatchObject({ waitingEvents: 1, deadLetters: 1 });
      expect(await replayed({ ...DEAD, code: 'status_400' })).toBe(0);
    });

    it('joins a replay to what the worker has in hand: it comes again right after', async () => {
      await ended('e1', 'dead', 'status_400', { root: 'policy:1' });
      await bench.queue.append(event('e2', { receivedAtMs: 50_000 }));
      const inHand = await claimOne(60_000);
      expect(inHand.events.map(({ id }) => id)).toEqual(['e2']);
      expect(await replayed(DEAD)).toBe(1);
      expect((await bench.claim(100_000)).claims).toEqual([]);
      const all = inHand.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
      await bench.queue.settle(inHand, { ...NOTHING, ended: all });
      expect((await claimOne(100_000)).events.map(({ id }) => id)).toEqual(['e1']);
    });

    it('leaves what has just arrived its rest', async () => {
      await ended('e1', 'dead', 'status_400', { root: 'policy:1' });
      await bench.queue.append(event('e2', { receivedAtMs: 99_000 }));
      await replayed(DEAD);
      expect((await bench.claim(103_999)).claims).toEqual([]);
      expect((await claimOne(104_000)).events.map(({ id }) => id)).toEqual(['e1', 'e2']);
    });

    it('goes through many in small steps, each once', async () => {
      for (let index = 0; index < 7; index++) await ended(`e${index}`, 'dead', 'status_400');
      const steps: number[] = [];
      for (let after: number | undefined = 0; after !== undefined;) {
        const step = await operator.replay(DEAD, after, 3, 100_000);
        steps.push(step.changed);
        after = step.after;
      }
      expect(steps).toEqual([3, 3, 1]);
      expect(await bench.queue.backlog()).toMatchObject({ waitingEvents: 7, deadLetters: 0 });
    });

    it('cannot replay what is forgotten', async () => {
      await ended('e1', 'delivered', 'x');
      await ended('d1', 'dead', 'status_400');
      await bench.queue.sweep({ payloadsBeforeMs: 99_000, eventsBeforeMs: 0 });
      const filter: EventFilter = { states: ['delivered'] };
      expect(await operator.groups(filter)).toMatchObject([{ events: 1, forgotten: 1 }]);
      expect(await operator.events(filter, 1)).toMatchObject([{ id: 'e1', forgotten: true }]);
      expect(await replayed(filter)).toBe(0);
      // A dead letter waits for a human, however long.
      await bench.queue.sweep({ payloadsBeforeMs: 9_999_999, eventsBeforeMs: 9_999_999 });
      expect(await replayed(DEAD)).toBe(1);
    });

    it.each<['replay' | 'purge', EventEnd, string, () => Promise<unknown>]>([
      ['replay', 'delivered', 'forgotten', () => bench.queue.sweep({ payloadsBeforeMs: 99_000, eventsBeforeMs: 0 })],
      ['replay', 'dead', 'replayed', () => replayed(DEAD)],
      ['purge', 'dead', 'replayed', () => replayed(DEAD)],
    ])('does not %s what was %s and is %s meanwhile, and holds nothing up', async (order, end, _change, meanwhile) => {
      await ended('e1', end, 'x');
      const slow = new OperatorQueue(interrupted(await underTest.openStore(), meanwhile));
      expect(await slow[order]({ states: [end] }, 0, 50, 100_000)).toEqual({ changed: 0 });
      await slow.close();
    });

    it('gives dead letters up, and knows their ids until they are forgotten', async () => {
      await ended('e1', 'dead', 'status_400');
      await bench.queue.append(event('e2'));
      expect((await operator.purge({ states: ['dead'] }, 0, 50, 200_000)).changed).toBe(1);
      expect((await operator.purge({ states: ['waiting'] }, 0, 50, 200_000)).changed).toBe(0);
      expect(await bench.queue.backlog()).toMatchObject({ waitingEvents: 1, deadLetters: 0 });
      expect(await operator.events({ states: ['purged'] }, 5)).toMatchObject([
        { id: 'e1', code: 'status_400', endedAtMs: 200_000, forgotten: true },
      ]);
      await bench.queue.sweep({ payloadsBeforeMs: 200_000, eventsBeforeMs: 200_000 });
      expect(await bench.queue.append(event('e1'))).toBe('duplicate');
      await bench.queue.sweep({ payloadsBeforeMs: 200_001, eventsBeforeMs: 200_001 });
      expect(await bench.queue.append(event('e1'))).toBe('appended');
    });

    it('stops the work for a tenant, also over a restart, until it is resumed', async () => {
      await bench.queue.append(event('e1'));
      expect(await operator.pause('tenant-a', 30_000)).toBe(true);
      expect(await operator.pause('tenant-a', 31_000)).toBe(false);
      expect((await bench.claim(40_000)).claims).toEqual([]);
      expect((await bench.queue.restOf('tenant-a'))?.holdUntilMs).toBe(Infinity);
      expect((await bench.queue.overdue(40_000, 1))[0]?.rest?.holdUntilMs).toBe(Infinity);
      // Start, say, or a success elsewhere, ends only what the worker itself has found out.
      await bench.queue.changeRest('tenant-a', () => undefined);
      expect((await bench.claim(40_000)).claims).toEqual([]);
      await bench.restart();
      expect((await bench.claim(40_000)).claims).toEqual([]);
      expect(await operator.pauses()).toEqual([{ tenant: 'tenant-a', code: PAUSED_BY_OPERATOR, sinceMs: 30_000 }]);
      await bench.queue.append(event('e2', { tenant: 'tenant-b' }));
      expect((await bench.claim(40_000, ['tenant-a', 'tenant-b'])).claims).toMatchObject([{ tenant: 'tenant-b' }]);
      expect(await operator.resume('tenant-a')).toBe(true);
      expect(await operator.resume('tenant-a')).toBe(false);
      expect((await claimOne(40_000)).events).toHaveLength(1);
    });

    it('shows what the worker has paused, and has it tried at once', async () => {
      await bench.queue.append(event('e1'));
      const pause = { code: 'target_unauthorized', versions: ['v1'], recheckAtMs: 90_000, waitMs: 60_000 };
      const rest = { holdUntilMs: 0, failures: 0, pause };
      const claim = () =>
        bench.queue.claim({ tenants: ['tenant-a'], limit: 1, nowMs: 40_000, leaseMs: LEASE_MS, versionOf: () => 'v1' });
      await bench.queue.changeRest('tenant-a', () => rest);
      // Committed with the next turn.
      await bench.queue.saveCursor('tenant-a', 'c');
      expect(await operator.pauses()).toMatchObject([{ tenant: 'tenant-a', code: 'target_unauthorized' }]);
      expect((await claim()).claims).toEqual([]);
      expect(await operator.resume('tenant-a')).toBe(true);
      const [taken] = (await claim()).claims;
      expect(taken?.rest?.pause?.code).toBe('target_unauthorized');
      // It did not help: paused as before, and shown again.
      if (taken) await bench.queue.release(taken, 40_000);
      await bench.queue.changeRest('tenant-a', () => rest);
      await bench.queue.saveCursor('tenant-a', 'c');
      expect(await operator.pauses()).toMatchObject([{ code: 'target_unauthorized' }]);
      await bench.queue.changeRest('tenant-a', () => undefined);
      await bench.queue.saveCursor('tenant-a', 'c');
      expect(await operator.pauses()).toEqual([]);
    });

    it('has only the tenant tried that was resumed', async () => {
      const pause = { code: 'target_unauthorized', versions: ['v1'], recheckAtMs: 90_000, waitMs: 60_000 };
      for (const tenant of ['tenant-a', 'tenant-b']) {
        await bench.queue.append(event('e1', { tenant }));
        await bench.queue.changeRest(tenant, () => ({ holdUntilMs: 0, failures: 0, pause }));
      }
      // Committed with the next turn.
      await bench.queue.saveCursor('tenant-a', 'c');
      expect(await operator.resume('tenant-a')).toBe(true);
      const { claims } = await bench.queue.claim({
        tenants: ['tenant-a', 'tenant-b'],
        limit: 2,
        nowMs: 40_000,
        leaseMs: LEASE_MS,
        versionOf: () => 'v1',
      });
      expect(claims).toMatchObject([{ tenant: 'tenant-a' }]);
    });

    it('finds a root by event, number, root, record, bill, or by what only a payload names', async () => {
      const records = [
        { connection: 'c1', key: 'p-pol-7', revision: 'r', contentHash: 'h', confirmed: true, targetId: '42' },
        { connection: 'c2', key: 'p-pol-7', revision: 'r', contentHash: 'h', confirmed: false },
        { connection: 'c2', key: 'p-pay-9', revision: 'r', contentHash: 'h', confirmed: true },
      ];
      for (const tenant of ['tenant-a', 'tenant-b', 'tenant-c']) {
        await bench.queue.append(event('e1', { tenant, root: 'policy:7', payload: '{"locators":{"x":"q-1"}}' }));
      }
      const claim = await claimOne(20_000, 'tenant-b');
      const places = [{ key: 'p-inv-3', root: 'policy:7' }];
      const all = claim.events.map(({ sequence }) => ({ sequence, end: 'dead' as const, code: 'status_400' }));
      await bench.queue.settle(claim, { ...NOTHING, ended: all, records, places });
      const tenantsOf = async (names: object) =>
        (await operator.rootsOf({ ...NAMES, ...names })).map(({ tenant, root }) => `${tenant} ${root}`).toSorted();
      const everywhere = ['tenant-a policy:7', 'tenant-b policy:7', 'tenant-c policy:7'];
      expect(await tenantsOf({ eventIds: ['e1'] })).toEqual(everywhere);
      expect(await tenantsOf({ roots: ['policy:7', 'claim:7'] })).toEqual(everywhere);
      expect(await tenantsOf({ mention: 'q-1' })).toEqual(everywhere);
      const sequence = claim.events[0]?.sequence ?? 0;
      expect(await tenantsOf({ sequences: [sequence] })).toEqual(['tenant-b policy:7']);
      expect(await tenantsOf({ keys: ['p-pay-9'] })).toEqual(['tenant-b policy:7']);
      expect(await tenantsOf({ keys: ['p-inv-3'] })).toEqual(['tenant-b policy:7']);
      expect(await tenantsOf({ keys: ['p-inv-4'], roots: ['policy:8'], eventIds: ['e9'], mention: 'q-2' })).toEqual([]);
      expect(await operator.records(['p-pol-7', 's-pol-7'])).toEqual([
        { tenant: 'tenant-b', key: 'p-pol-7', connection: 'c1', confirmed: true, targetId: '42' },
        { tenant: 'tenant-b', key: 'p-pol-7', connection: 'c2', confirmed: false },
      ]);
      const due = await operator.rootsOf({ ...NAMES, roots: ['policy:7'] });
      expect(due.map(({ tenant, dueAtMs }) => [tenant, dueAtMs])).toEqual([
        ['tenant-a', 15_000],
        ['tenant-b', undefined],
        ['tenant-c', 15_000],
      ]);
      expect(await operator.count({ states: EVENT_STATES, root: 'policy:7', tenant: 'tenant-b' })).toBe(1);
    });
  });
}
