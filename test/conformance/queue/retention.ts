import { delivered, event, NOTHING, type QueueBench } from './queue-bench.js';

/** What ended is forgotten step by step; what has not ended never. */
export function retention(bench: QueueBench): void {
  /** Every event has a root of its own, and is settled at its own time. */
  async function ended(id: string, nowMs: number, end: 'delivered' | 'skipped' | 'dead' = 'delivered'): Promise<void> {
    await bench.queue.append(event(id, { root: `policy:${id}` }));
    const [claim] = (await bench.claim(20_000)).claims;
    if (!claim) throw new Error('the root should be due');
    const all = claim.events.map(({ sequence }) => ({ sequence, end, code: 'x' }));
    await bench.queue.settle(claim, { ...NOTHING, nowMs, ended: all });
  }

  async function sweepAll(payloadsBeforeMs: number, eventsBeforeMs: number): Promise<number> {
    for (let steps = 1; ; steps++) {
      if (!(await bench.queue.sweep({ payloadsBeforeMs, eventsBeforeMs }))) return steps;
    }
  }

  it('knows an event by its id as long as it is told to, and no longer', async () => {
    await ended('e1', 50_000);
    await ended('e2', 60_000, 'skipped');
    await sweepAll(100_000, 50_000);
    expect(await Promise.all(['e1', 'e2'].map((id) => bench.queue.append(event(id))))).toEqual([
      'duplicate',
      'duplicate',
    ]);
    await sweepAll(100_000, 50_001);
    expect(await Promise.all(['e1', 'e2'].map((id) => bench.queue.append(event(id))))).toEqual([
      'appended',
      'duplicate',
    ]);
  });

  it('never forgets what waits, what is retried and what is dead', async () => {
    await ended('dead', 50_000, 'dead');
    await bench.queue.append(event('retried', { root: 'policy:2' }));
    const [claim] = (await bench.claim(20_000)).claims;
    const sequence = claim?.events[0]?.sequence;
    if (!claim || sequence === undefined) throw new Error('the root should be due');
    await bench.queue.settle(claim, {
      ...NOTHING,
      retried: [{ sequence, tries: 1, retryAtMs: 30_000, code: 'status_500' }],
    });
    await bench.queue.append(event('fresh', { payload: '' }));
    await sweepAll(9_999_999, 9_999_999);
    expect(await bench.queue.backlog()).toMatchObject({ waitingEvents: 2, deadLetters: 1 });
    const { claims } = await bench.claim(40_000, ['tenant-a'], 1);
    const others = await bench.claim(40_000, ['tenant-a'], 1);
    const payloads = [...claims, ...others.claims].flatMap(({ events }) => events.map(({ payload }) => payload));
    expect(payloads.toSorted()).toEqual(['', '{}']);
  });

  it('does a little at a time, and says when it is done', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `e${index}`);
    await Promise.all(ids.map((id) => bench.queue.append(event(id))));
    for (;;) {
      const [claim] = (await bench.claim(20_000)).claims;
      if (!claim) break;
      await bench.queue.settle(claim, delivered(claim));
    }
    expect(await sweepAll(20_001, 0)).toBeGreaterThan(2);
    expect(await sweepAll(20_001, 0)).toBe(1);
    expect(await sweepAll(20_001, 20_001)).toBeGreaterThan(2);
    expect(await bench.queue.append(event('e7'))).toBe('appended');
  });

  it('keeps the marks of records', async () => {
    await bench.queue.append(event('e1'));
    const [claim] = (await bench.claim(20_000)).claims;
    if (!claim) throw new Error('the root should be due');
    const mark = { connection: 'c', key: 'p-pol-1', revision: 'r', contentHash: 'h', confirmed: true, targetId: '7' };
    const places = [{ key: 'p-inv-1', root: 'policy:1' }];
    await bench.queue.settle(claim, { ...delivered(claim), records: [mark], places });
    await sweepAll(9_999_999, 9_999_999);
    expect((await bench.queue.recordMarks('tenant-a', 'c', ['p-pol-1'])).get('p-pol-1')?.targetId).toBe('7');
    expect(await bench.queue.rootOf('tenant-a', ['p-inv-1'])).toBe('policy:1');
  });
}
