import { delivered, event, NOTHING, type QueueBench } from './queue-bench.js';

/** Roots that are due although no event comes. */
export function time(bench: QueueBench): void {
  it('hands a root out again when time changes it, without an event, until it is told never', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
    expect(await bench.claim(89_999)).toEqual({ claims: [], nextDueAtMs: 90_000 });
    const woken = (await bench.claim(90_000)).claims[0];
    expect(woken).toMatchObject({ root: 'policy:1', events: [] });
    if (!woken) throw new Error('the root should have been woken');
    await bench.queue.settle(woken, { ...NOTHING, wake: 'never' });
    expect(await bench.claim(9_999_999)).toEqual({ claims: [] });
  });

  it('keeps the wake-up of a root over events and their retries, and does not hurry it', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
    await bench.queue.makeDue('tenant-a', 30_000);
    expect((await bench.claim(30_000)).claims).toEqual([]);
    await bench.queue.append(event('e2', { receivedAtMs: 30_000 }));
    const second = (await bench.claim(35_000)).claims[0];
    if (!second) throw new Error('the event should make it due');
    await bench.queue.settle(second, delivered(second));
    expect((await bench.claim(90_000)).claims[0]?.events).toEqual([]);
  });

  it('does not hand a passed wake-up out again at once when nothing new is known about it', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
    const woken = (await bench.claim(90_000)).claims[0];
    if (!woken) throw new Error('the root should have been woken');
    await bench.queue.settle(woken, NOTHING);
    expect((await bench.claim(90_001)).claims).toEqual([]);
    expect((await bench.claim(90_000 + 3_600_000)).claims).toHaveLength(1);
  });

  it.each([
    ['waits for the retry of an event although a wake-up has passed', 160_000, 160_000],
    ['does not have a passed wake-up wait for an event whose retry is far', 90_000_000, 400_000],
  ])('%s', async (_what, retryAtMs, dueAtMs) => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    await bench.queue.settle(first, { ...delivered(first), wake: { atMs: 90_000 } });
    await bench.queue.append(event('e2', { receivedAtMs: 90_000 }));
    const both = (await bench.claim(100_000)).claims[0];
    const sequence = both?.events[0]?.sequence;
    if (!both || sequence === undefined) throw new Error('the event should be due');
    await bench.queue.settle(both, { ...NOTHING, retried: [{ sequence, tries: 1, retryAtMs, code: 'x' }] });
    expect((await bench.claim(dueAtMs - 1)).claims).toEqual([]);
    expect((await bench.claim(dueAtMs)).claims).toHaveLength(1);
  });
}
