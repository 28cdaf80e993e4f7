import { event, type QueueBench } from './queue-bench.js';

/** What is appended is there once, counted, and survives a restart. */
export function storedEvents(bench: QueueBench): void {
  it('stores an event once per tenant and id', async () => {
    const answers = await Promise.all([
      bench.queue.append(event('e1')),
      bench.queue.append(event('e1')),
      bench.queue.append(event('e1', { tenant: 'tenant-b' })),
    ]);
    expect(answers).toEqual(['appended', 'duplicate', 'appended']);
    expect(await bench.queue.append(event('e1'))).toBe('duplicate');
    expect((await bench.queue.backlog()).waitingEvents).toBe(2);
  });

  it('keeps a cursor per tenant, also over a restart', async () => {
    expect(await bench.queue.cursor('tenant-a')).toBeUndefined();
    await bench.queue.saveCursor('tenant-a', 'page-1');
    await bench.queue.saveCursor('tenant-a', 'page-2');
    await bench.queue.saveCursor('tenant-b', 'other');
    await bench.restart();
    expect([await bench.queue.cursor('tenant-a'), await bench.queue.cursor('tenant-b')]).toEqual(['page-2', 'other']);
  });

  it('goes on after a restart where it stopped; what was in hand is due again', async () => {
    await bench.queue.append(event('e1'));
    await bench.queue.append(event('e2', { root: 'policy:2' }));
    await bench.claim(20_000);
    await bench.restart();
    const againMs = await bench.afterLeases(20_000);
    const ids = [await bench.claim(againMs), await bench.claim(againMs)].flatMap(({ claims }) =>
      claims.flatMap(({ events }) => events.map(({ id }) => id)),
    );
    expect(ids.sort()).toEqual(['e1', 'e2']);
  });

  it('answers its check', async () => {
    await expect(bench.queue.check()).resolves.toBeUndefined();
  });
}
