import { MAX_EVENTS_PER_CLAIM } from '../../../src/queue/queue.js';
import { delivered, event, LEASE_MS, type QueueBench } from './queue-bench.js';

/** Who gets which root, and when. */
export function claims(bench: QueueBench): void {
  it('makes a root due when it has rested since its last event', async () => {
    await bench.queue.append(event('e1', { receivedAtMs: 10_000 }));
    await bench.queue.append(event('e2', { receivedAtMs: 13_000 }));
    expect(await bench.claim(17_999)).toEqual({ claims: [], nextDueAtMs: 18_000 });
    const { claims } = await bench.claim(20_000);
    expect(claims.map(({ events }) => events.map(({ id }) => id))).toEqual([['e1', 'e2']]);
    expect(claims.map(({ dueAtMs }) => dueAtMs)).toEqual([18_000]);
  });

  it('makes a root under constant fire due at the longest rest', async () => {
    for (let at = 10_000; at <= 40_000; at += 1_000) {
      await bench.queue.append(event(`e${at}`, { receivedAtMs: at }));
    }
    expect((await bench.claim(39_999)).claims).toEqual([]);
    expect((await bench.claim(40_000)).claims).toHaveLength(1);
  });

  it('gives a root to one claimant at a time', async () => {
    await bench.queue.append(event('e1'));
    expect((await bench.claim(20_000)).claims).toHaveLength(1);
    expect((await bench.claim(20_000)).claims).toEqual([]);
    expect((await bench.claim(20_000 + LEASE_MS - 1)).claims).toEqual([]);
  });

  it('gives a root again when its lease has run out, and refuses the late settlement', async () => {
    await bench.queue.append(event('e1'));
    const late = (await bench.claim(20_000)).claims[0];
    expect((await bench.claim(20_000)).claims).toEqual([]);
    const current = (await bench.claim(await bench.afterLeases(20_000))).claims[0];
    if (!late || !current) throw new Error('both claims should have got the root');
    expect(await bench.queue.settle(late, delivered(late))).toBe(false);
    expect((await bench.queue.backlog('tenant-a')).waitingEvents).toBe(1);
    expect(await bench.queue.settle(current, delivered(current))).toBe(true);
    expect((await bench.queue.backlog('tenant-a')).waitingEvents).toBe(0);
  });

  it('makes a root due again that was touched while it was in hand', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.append(event('e2', { receivedAtMs: 21_000 }));
    await bench.queue.settle(first, delivered(first));
    expect((await bench.claim(25_999)).claims).toEqual([]);
    expect((await bench.claim(26_000)).claims[0]?.events.map(({ id }) => id)).toEqual(['e2']);
  });

  it('lets what comes to a root in hand rest anew, however long ago the root was touched first', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.append(event('e2', { receivedAtMs: 39_000 }));
    await bench.queue.settle(first, delivered(first));
    expect((await bench.claim(43_999)).claims).toEqual([]);
    expect((await bench.claim(44_000)).claims[0]?.events.map(({ id }) => id)).toEqual(['e2']);
  });

  it('forgets a root when all its events are over', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.settle(first, delivered(first));
    expect(await bench.claim(9_999_999)).toEqual({ claims: [] });
    expect(await bench.queue.append(event('e1'))).toBe('duplicate');
  });

  it('takes one root per tenant in the order of the tenants asked for', async () => {
    for (const tenant of ['tenant-a', 'tenant-b', 'tenant-c']) {
      await bench.queue.append(event('e1', { tenant, root: 'policy:1' }));
      await bench.queue.append(event('e2', { tenant, root: 'policy:2' }));
    }
    const { claims } = await bench.claim(20_000, ['tenant-c', 'tenant-a'], 10);
    expect(claims.map(({ tenant }) => tenant)).toEqual(['tenant-c', 'tenant-a']);
    const limited = await bench.claim(20_000, ['tenant-b', 'tenant-a'], 1);
    expect(limited.claims.map(({ tenant }) => tenant)).toEqual(['tenant-b']);
  });

  it('gives a free root of a tenant while others of it are in hand', async () => {
    for (const root of ['policy:1', 'policy:2', 'policy:3']) {
      await bench.queue.append(event(root, { root }));
    }
    const roots = [
      await bench.claim(20_000),
      await bench.claim(20_000),
      await bench.claim(20_000),
      await bench.claim(20_000),
    ];
    expect(roots.map(({ claims }) => claims.length)).toEqual([1, 1, 1, 0]);
    expect(new Set(roots.flatMap(({ claims }) => claims.map(({ root }) => root))).size).toBe(3);
  });

  it('hands out a long burst in bounded parts', async () => {
    const total = MAX_EVENTS_PER_CLAIM + 50;
    await Promise.all(Array.from({ length: total }, (_, index) => bench.queue.append(event(`e${index}`))));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    expect(first.events).toHaveLength(MAX_EVENTS_PER_CLAIM);
    await bench.queue.settle(first, delivered(first));
    expect((await bench.claim(20_000)).claims[0]?.events).toHaveLength(50);
  });
}
