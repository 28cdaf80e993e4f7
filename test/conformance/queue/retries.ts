import { MAX_EVENTS_PER_CLAIM } from '../../../src/queue/queue.js';
import { event, NOTHING, type QueueBench } from './queue-bench.js';

/** Failed tries and dead letters. */
export function retries(bench: QueueBench): void {
  it('makes retried events due at their time, and hands out what joined them meanwhile', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    const sequence = first?.events[0]?.sequence;
    if (!first || sequence === undefined) throw new Error('the root should be due');
    await bench.queue.settle(first, {
      ...NOTHING,
      retried: [{ sequence, tries: 1, retryAtMs: 80_000, code: 'status_500' }],
    });
    expect(await bench.claim(79_999)).toEqual({ claims: [], nextDueAtMs: 80_000 });
    await bench.queue.append(event('e2', { receivedAtMs: 60_000 }));
    const again = (await bench.claim(65_000)).claims[0];
    expect(again?.events.map(({ id, tries, retryAtMs }) => ({ id, tries, retryAtMs }))).toEqual([
      { id: 'e2', tries: 0, retryAtMs: 0 },
      { id: 'e1', tries: 1, retryAtMs: 80_000 },
    ]);
  });

  it('counts dead letters and keeps them out of further claims', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    const sequence = first?.events[0]?.sequence;
    if (!first || sequence === undefined) throw new Error('the root should be due');
    await bench.queue.settle(first, { ...NOTHING, ended: [{ sequence, end: 'dead', code: 'status_400' }] });
    expect(await bench.queue.backlog('tenant-a')).toEqual({ waitingEvents: 0, deadLetters: 1 });
    expect((await bench.claim(9_999_999)).claims).toEqual([]);
  });

  it('gives a released root again at the named time, its events untouched', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    // Whoever asks meanwhile learns that nothing is due for long.
    expect((await bench.claim(20_000)).claims).toEqual([]);
    await bench.queue.release(first, 50_000);
    expect((await bench.claim(49_999)).claims).toEqual([]);
    expect((await bench.claim(50_000)).claims[0]?.events[0]).toMatchObject({ id: 'e1', tries: 0 });
  });

  it('hurries the retries of one tenant, but nothing that has just arrived', async () => {
    for (const tenant of ['tenant-a', 'tenant-b']) await bench.queue.append(event('e1', { tenant }));
    for (const first of (await bench.claim(20_000, ['tenant-a', 'tenant-b'])).claims) {
      const retried = first.events.map(({ sequence }) => ({
        sequence,
        tries: 1,
        retryAtMs: 90_000,
        code: 'status_500',
      }));
      await bench.queue.settle(first, { ...NOTHING, retried });
    }
    await bench.queue.append(event('e2', { root: 'policy:2', receivedAtMs: 29_000 }));
    expect(await bench.queue.nextDueAtMs('tenant-a')).toBe(34_000);
    expect(await bench.claim(30_000)).toEqual({ claims: [], nextDueAtMs: 34_000 });
    await bench.queue.makeDue('tenant-a', 30_000);
    expect(await bench.queue.nextDueAtMs('tenant-a')).toBe(30_000);
    const { claims } = await bench.claim(30_000, ['tenant-a', 'tenant-b']);
    expect(claims.map(({ tenant, root }) => [tenant, root])).toEqual([['tenant-a', 'policy:1']]);
    expect((await bench.claim(33_999)).claims).toEqual([]);
    expect((await bench.claim(34_000)).claims.map(({ root }) => root)).toEqual(['policy:2']);
  });

  it('hands out what was never tried before what failed, so that a long failing burst starves nobody', async () => {
    const total = MAX_EVENTS_PER_CLAIM + 50;
    await Promise.all(Array.from({ length: total }, (_, index) => bench.queue.append(event(`e${index}`))));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    const retried = first.events.map(({ sequence }) => ({
      sequence,
      tries: 1,
      retryAtMs: 90_000,
      code: 'status_500',
    }));
    await bench.queue.settle(first, { ...NOTHING, retried });
    const second = (await bench.claim(20_001)).claims[0];
    if (!second) throw new Error('the rest should be due');
    expect(second.events.slice(0, 50).every(({ tries }) => tries === 0)).toBe(true);
    const rest = second.events
      .filter(({ tries }) => tries === 0)
      .map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
    await bench.queue.settle(second, { ...NOTHING, ended: rest });
    expect((await bench.claim(89_999)).claims).toEqual([]);
  });

  it('puts a root that was not settled for good behind the others of its tenant', async () => {
    await bench.queue.append(event('e1', { root: 'policy:1' }));
    await bench.queue.append(event('e2', { root: 'policy:2', receivedAtMs: 10_001 }));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('a root should be due');
    await bench.queue.settle(first, NOTHING);
    expect([first.root, (await bench.claim(20_001)).claims[0]?.root]).toEqual(['policy:1', 'policy:2']);
  });
}
