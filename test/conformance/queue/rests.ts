import type { TenantRest } from '../../../src/queue/tenant-rest.js';
import { event, LEASE_MS, type QueueBench } from './queue-bench.js';

const HELD: TenantRest = { holdUntilMs: 50_000, failures: 0 };
const PAUSE = { code: 'target_unauthorized', versions: ['v1', 'v2'], recheckAtMs: 80_000, waitMs: 60_000 };

/** Tenants that rest, and names that one task at a time may hold. */
export function rests(bench: QueueBench): void {
  const claimAs = (version: string, nowMs: number) =>
    bench.queue.claim({ tenants: ['tenant-a'], limit: 1, nowMs, leaseMs: LEASE_MS, versionOf: () => version });

  it('hands out nothing of a tenant that is held, and says when it will', async () => {
    await bench.queue.append(event('e1'));
    await bench.queue.append(event('e1', { tenant: 'tenant-b' }));
    expect(await bench.queue.changeRest('tenant-a', () => HELD)).toBeUndefined();
    expect(await bench.queue.restOf('tenant-a')).toEqual(HELD);
    expect(await bench.claim(49_999)).toEqual({ claims: [], nextDueAtMs: 50_000 });
    const { claims } = await bench.claim(49_999, ['tenant-a', 'tenant-b']);
    expect(claims.map(({ tenant }) => tenant)).toEqual(['tenant-b']);
    expect((await bench.claim(50_000)).claims[0]?.rest).toEqual(HELD);
  });

  it('says nothing of a rest when nothing waits, or when what waits is due later', async () => {
    await bench.queue.changeRest('tenant-a', () => HELD);
    expect(await bench.claim(10_000)).toEqual({ claims: [] });
    await bench.queue.append(event('e1', { receivedAtMs: 60_000 }));
    expect(await bench.claim(20_000)).toEqual({ claims: [], nextDueAtMs: 65_000 });
  });

  it('pauses the versions of a tenant that were found not to work, and no other', async () => {
    await bench.queue.append(event('e1'));
    await bench.queue.changeRest('tenant-a', () => ({ holdUntilMs: 0, failures: 0, pause: PAUSE }));
    expect((await claimAs('v1', 20_000)).claims).toEqual([]);
    expect((await claimAs('v2', 20_000)).claims).toEqual([]);
    expect(await bench.claim(20_000)).toEqual({ claims: [], nextDueAtMs: 80_000 });
    expect((await claimAs('v3', 20_000)).claims).toHaveLength(1);
  });

  it('tries a paused tenant again at its time', async () => {
    await bench.queue.append(event('e1'));
    await bench.queue.changeRest('tenant-a', () => ({ holdUntilMs: 0, failures: 0, pause: PAUSE }));
    expect((await claimAs('v1', 79_999)).claims).toEqual([]);
    expect((await claimAs('v1', 80_000)).claims[0]?.rest?.pause).toEqual(PAUSE);
  });

  it('tries a paused tenant with one root at a time, and not while it is held besides', async () => {
    for (const root of ['policy:1', 'policy:2']) await bench.queue.append(event(root, { root }));
    await bench.queue.changeRest('tenant-a', () => ({ holdUntilMs: 90_000, failures: 0, pause: PAUSE }));
    expect((await claimAs('v1', 89_999)).claims).toEqual([]);
    expect((await claimAs('v1', 90_000)).claims).toHaveLength(1);
    expect((await claimAs('v1', 90_000)).claims).toEqual([]);
  });

  it('has one root at a time in hand of a tenant whose target did not answer', async () => {
    for (const root of ['policy:1', 'policy:2', 'policy:3']) await bench.queue.append(event(root, { root }));
    await bench.queue.changeRest('tenant-a', () => ({ holdUntilMs: 0, failures: 1 }));
    const [only] = (await bench.claim(20_000)).claims;
    expect((await bench.claim(20_000)).claims).toEqual([]);
    if (!only) throw new Error('one root should be handed out');
    await bench.queue.release(only, 20_000);
    expect((await bench.claim(20_000)).claims).toHaveLength(1);
    expect(await bench.queue.changeRest('tenant-a', () => undefined)).toEqual({ holdUntilMs: 0, failures: 1 });
    expect((await bench.claim(20_000)).claims).toHaveLength(1);
    expect(await bench.queue.restOf('tenant-a')).toBeUndefined();
  });

  it('has another root tried when the one that was to show whether the target answers was never given back', async () => {
    await bench.queue.append(event('e1'));
    await bench.queue.changeRest('tenant-a', () => ({ holdUntilMs: 0, failures: 1 }));
    expect((await bench.claim(20_000)).claims).toHaveLength(1);
    expect((await bench.claim(20_000)).claims).toEqual([]);
    expect((await bench.claim(await bench.afterLeases(20_000))).claims).toHaveLength(1);
  });

  it('changes a rest step by step, however many change it at the same time', async () => {
    const more = (rest: TenantRest | undefined) => ({ holdUntilMs: 0, failures: (rest?.failures ?? 0) + 1 });
    await Promise.all(Array.from({ length: 10 }, () => bench.queue.changeRest('tenant-a', more)));
    expect((await bench.queue.restOf('tenant-a'))?.failures).toBe(10);
  });

  it('names the tenants with overdue work, the longest overdue first, and how they rest', async () => {
    const pause = { holdUntilMs: 0, failures: 0, pause: PAUSE };
    await bench.queue.append(event('e1', { tenant: 'tenant-b', root: 'policy:1', receivedAtMs: 12_000 }));
    await bench.queue.append(event('e2', { tenant: 'tenant-b', root: 'policy:2', receivedAtMs: 11_000 }));
    await bench.queue.append(event('e3'));
    await bench.queue.append(event('e4', { tenant: 'tenant-c', receivedAtMs: 20_000 }));
    await bench.queue.changeRest('tenant-b', () => pause);
    const late = [
      { tenant: 'tenant-a', dueAtMs: 15_000 },
      { tenant: 'tenant-b', dueAtMs: 16_000, rest: pause },
    ];
    expect(await bench.queue.overdue(25_000, 10)).toEqual(late);
    expect(await bench.queue.overdue(25_000, 1)).toEqual(late.slice(0, 1));
    expect(await bench.queue.overdue(15_000, 10)).toEqual([]);
    expect(await bench.queue.overdue(25_001, 10)).toHaveLength(3);
  });

  it('runs one task of a name at a time, and others beside it', async () => {
    const running = new Set<string>();
    let overlaps = 0;
    const task = (name: string) =>
      bench.queue.runAlone([name, 'shared'], async () => {
        if (running.size > 0) overlaps++;
        running.add(name);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running.delete(name);
      });
    await Promise.all([task('a'), task('b'), task('c'), task('a')]);
    expect(overlaps).toBe(0);
    await bench.queue.runAlone(['a'], () => bench.queue.runAlone(['b'], () => Promise.resolve()));
    await expect(bench.queue.runAlone(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await bench.queue.runAlone(['a'], () => Promise.resolve('free'))).toBe('free');
  });

  it('gives a name that nobody else has also to a process that is about to end', async () => {
    bench.queue.endWaits();
    const inTurn = [1, 2, 3].map((turn) => bench.queue.runAlone(['a'], () => Promise.resolve(turn)));
    expect(await Promise.all(inTurn)).toEqual([1, 2, 3]);
  });

  it('tells when something is due', async () => {
    const dueAtMs = new Promise<number>((resolve) => {
      const end = bench.queue.onWork((atMs) => {
        end();
        resolve(atMs);
      });
    });
    await bench.queue.append(event('e1', { receivedAtMs: 10_000 }));
    expect(await dueAtMs).toBe(15_000);
  });

  it('knows which claims it holds', async () => {
    await bench.queue.append(event('e1'));
    const [claim] = (await bench.claim(20_000)).claims;
    if (!claim) throw new Error('the root should be due');
    expect(bench.queue.isHeld(claim)).toBe(true);
    await bench.queue.release(claim, 20_000);
    expect(bench.queue.isHeld(claim)).toBe(false);
    expect(bench.queue.replicas()).toBe(1);
  });
}
