import type { OperatorStore } from '../../src/queue/operator/operator-store.js';
import { TenantQueue } from '../../src/queue/operator/tenant-queue.js';
import { event, NOTHING, QueueBench, type QueueUnderTest } from './queue/queue-bench.js';

/** What one tenant sees and changes of the queue, held against one store. */
export function describeTenantQueueConformance(
  name: string,
  underTest: QueueUnderTest & { openStore(): Promise<OperatorStore> },
): void {
  describe(`tenant queue conformance: ${name}`, () => {
    const bench = new QueueBench(underTest);
    let store: OperatorStore;
    let own: TenantQueue;
    let other: TenantQueue;
    beforeEach(async () => {
      await bench.open();
      store = await underTest.openStore();
      own = new TenantQueue(store, 'tenant-a');
      other = new TenantQueue(store, 'tenant-b');
    });
    afterEach(async () => {
      await store.close();
      await bench.end();
    });

    /** An event on a root of its own that was given up. */
    async function dead(id: string, tenant: string): Promise<void> {
      await bench.queue.append(event(id, { tenant, root: `policy:${id}` }));
      const [claim] = (await bench.claim(20_000, [tenant], 1)).claims;
      if (!claim) throw new Error('a root should be due');
      const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'dead' as const, code: 'status_422' }));
      await bench.queue.settle(claim, { ...NOTHING, nowMs: 21_000, ended });
    }

    const idsOf = (traces: readonly { readonly id: string }[]) => traces.map(({ id }) => id);

    it('shows each tenant its own alone: counts, pauses, events, dead letters, those of a policy', async () => {
      await dead('a-1', 'tenant-a');
      await dead('b-1', 'tenant-b');
      await bench.queue.append(event('a-2', { tenant: 'tenant-a', root: 'policy:p' }));
      await bench.queue.append(event('b-2', { tenant: 'tenant-b', root: 'policy:p' }));
      await store.pause('tenant-b', 22_000);
      expect(await own.backlog()).toMatchObject({
        waiting: { count: 1, isMore: false },
        dead: { count: 1, isMore: false },
        firstDueAtMs: expect.any(Number),
        pauses: [],
      });
      expect((await other.backlog()).pauses).toMatchObject([{ tenant: 'tenant-b', code: 'paused_by_operator' }]);
      expect(idsOf(await own.newest(10))).toEqual(['a-2', 'a-1']);
      expect(idsOf(await own.newest(1))).toEqual(['a-2']);
      expect(idsOf(await own.dead(10))).toEqual(['a-1']);
      expect(idsOf(await own.ofRoot('policy:p', 10))).toEqual(['a-2']);
      expect(await new TenantQueue(store, "x' OR '1'='1").newest(10)).toEqual([]);
    });

    it('replays dead letters of the tenant alone, and nothing that is none', async () => {
      await dead('a-1', 'tenant-a');
      await dead('b-1', 'tenant-b');
      await bench.queue.append(event('a-2', { tenant: 'tenant-a', root: 'policy:p' }));
      const all = [...(await own.newest(10)), ...(await other.newest(10))].map(({ sequence }) => sequence);
      expect(all).toHaveLength(3);
      expect(await own.replay(all, 30_000)).toBe(1);
      expect(await own.replay(all, 30_000)).toBe(0);
      expect(await own.backlog()).toMatchObject({ waiting: { count: 2 }, dead: { count: 0 } });
      expect(await other.backlog()).toMatchObject({ waiting: { count: 0 }, dead: { count: 1 } });
    });

    it('stops counting where it would take long', async () => {
      await store.transaction(async (run) => {
        for (let first = 0; first < 10_500; first += 500) {
          const rows = Array.from({ length: 500 }, (_, index) => first + index);
          const marks = rows.map(() => '(?, ?, ?, ?, 0, 0, ?)').join(', ');
          await run(
            `INSERT INTO ${store.schema}events (tenant, id, type, root, occurred_at, received_at, payload) VALUES ${marks}`,
            rows.flatMap((row) => ['tenant-a', `many-${row}`, 'policy.update', `policy:${row}`, '{}']),
          );
        }
      });
      expect((await own.backlog()).waiting).toEqual({ count: 10_000, isMore: true });
      expect(await other.newest(10)).toEqual([]);
    });
  });
}
