import { delivered, event, NOTHING, type QueueBench } from './queue-bench.js';

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

  it('says between which positions the events of a tenant wait: in hand, for another try or moved, but not what is over', async () => {
    const { queue } = bench;
    expect(await queue.waitingSpan('tenant-a')).toBeUndefined();
    await queue.append(event('other', { tenant: 'tenant-b' }));
    await Promise.all([1, 2, 3].map((number) => queue.append(event(`e${number}`, { root: `policy:${number}` }))));
    const inHand = (await Promise.all([1, 2, 3].map(() => bench.claim(20_000)))).flatMap(({ claims }) => claims);
    const claimOf = (root: string) => {
      const claim = inHand.find((one) => one.root === root);
      const sequence = claim?.events[0]?.sequence;
      if (!claim || sequence === undefined) throw new Error('the root should be due');
      return { claim, sequence };
    };
    const [first, second, third] = ['policy:1', 'policy:2', 'policy:3'].map(claimOf);
    if (!first || !second || !third) throw new Error('all should be due');
    const sequences = [first, second, third].map(({ sequence }) => sequence);
    const span = { first: Math.min(...sequences), last: Math.max(...sequences) };
    expect(await queue.waitingSpan('tenant-a')).toEqual(span);
    const retried = [{ sequence: second.sequence, tries: 1, retryAtMs: 900_000, code: 'x' }];
    await queue.settle(second.claim, { ...NOTHING, retried });
    await queue.move(third.claim, 'policy:9', 900_000);
    expect(await queue.waitingSpan('tenant-a')).toEqual(span);
    await queue.settle(first.claim, delivered(first.claim));
    const left = [second.sequence, third.sequence];
    expect(await queue.waitingSpan('tenant-a')).toEqual({ first: Math.min(...left), last: Math.max(...left) });
    const [moved] = (await bench.claim(1_000_000)).claims;
    const [retriedAgain] = (await bench.claim(1_000_000)).claims;
    for (const claim of [moved, retriedAgain]) {
      if (!claim) throw new Error('both should be due');
      const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'dead' as const, code: 'x' }));
      await queue.settle(claim, { ...NOTHING, ended });
    }
    expect(await queue.waitingSpan('tenant-a')).toBeUndefined();
    expect(await queue.waitingSpan('tenant-b')).toBeDefined();
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
