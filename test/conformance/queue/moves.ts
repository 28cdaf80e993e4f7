import { event, type QueueBench } from './queue-bench.js';

/** Events that turn out to belong to another root. */
export function moves(bench: QueueBench): void {
  it('keeps the rest of fresh events when others are moved to their root', async () => {
    await bench.queue.append(event('e1', { root: 'payment:9' }));
    await bench.queue.append(event('e2', { root: 'policy:1', receivedAtMs: 14_000 }));
    const stray = (await bench.claim(15_000)).claims[0];
    if (!stray) throw new Error('the payment should be due');
    await bench.queue.move(stray, 'policy:1', 15_000);
    expect((await bench.claim(18_999)).claims).toEqual([]);
    expect((await bench.claim(19_000)).claims[0]?.events).toHaveLength(2);
  });

  it('moves events under the root they turned out to belong to', async () => {
    await bench.queue.append(event('e1', { root: 'payment:9' }));
    await bench.queue.append(event('e2', { root: 'policy:1', receivedAtMs: 12_000 }));
    const stray = (await bench.claim(15_000)).claims[0];
    if (!stray) throw new Error('the payment should be due');
    expect(await bench.queue.move(stray, 'policy:1', 16_000)).toBe(true);
    expect(await bench.queue.move(stray, 'policy:1', 16_000)).toBe(false);
    const { claims } = await bench.claim(17_000);
    expect(claims.map(({ root, events }) => [root, events.map(({ id }) => id)])).toEqual([['policy:1', ['e1', 'e2']]]);
    expect((await bench.claim(9_999)).claims).toEqual([]);
  });

  it('moves nothing of another tenant whose root has the same name', async () => {
    for (const tenant of ['tenant-a', 'tenant-b']) await bench.queue.append(event('e1', { tenant, root: 'payment:9' }));
    const stray = (await bench.claim(15_000)).claims[0];
    if (!stray) throw new Error('the payment should be due');
    await bench.queue.move(stray, 'policy:1', 15_000);
    const { claims } = await bench.claim(20_000, ['tenant-a', 'tenant-b']);
    expect(claims.map(({ tenant, root, events }) => [tenant, root, events.length])).toEqual([
      ['tenant-a', 'policy:1', 1],
      ['tenant-b', 'payment:9', 1],
    ]);
  });
}
