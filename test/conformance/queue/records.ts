import { type Settlement } from '../../../src/queue/queue.js';
import { delivered, event, NOTHING, type QueueBench } from './queue-bench.js';

/** What is remembered about records. */
export function records(bench: QueueBench): void {
  it('remembers records per tenant and connection, and keeps a known target id', async () => {
    await bench.queue.append(event('e1'));
    const first = (await bench.claim(20_000)).claims[0];
    if (!first) throw new Error('the root should be due');
    const mark = { connection: 'c1', key: 'p-pol-1', revision: 'r1', contentHash: 'h1', confirmed: true };
    await bench.queue.settle(first, { ...NOTHING, records: [{ ...mark, targetId: '42' }] });
    await bench.queue.append(event('e2', { receivedAtMs: 21_000 }));
    const second = (await bench.claim(60_000)).claims[0];
    if (!second) throw new Error('the root should be due again');
    await bench.queue.settle(second, {
      ...delivered(second),
      records: [{ ...mark, revision: 'r2', confirmed: false }],
    });
    expect(await bench.queue.recordMarks('tenant-a', 'c1', ['p-pol-1', 'p-pol-2'])).toEqual(
      new Map([['p-pol-1', { revision: 'r2', contentHash: 'h1', confirmed: false, targetId: '42' }]]),
    );
    expect(await bench.queue.recordMarks('tenant-a', 'c2', ['p-pol-1'])).toEqual(new Map());
    expect(await bench.queue.recordMarks('tenant-b', 'c1', ['p-pol-1'])).toEqual(new Map());
  });

  it('remembers what was announced although it is never settled, and nothing for a claim that was lost', async () => {
    await bench.queue.append(event('e1'));
    const late = (await bench.claim(20_000)).claims[0];
    if (!late) throw new Error('the root should be due');
    const mark = { connection: 'c1', key: 'p-pol-1', revision: 'r1', contentHash: 'h1', confirmed: true };
    expect(await bench.queue.announce(late, [{ ...mark, targetId: '42' }])).toBe(true);
    expect(await bench.queue.announce(late, [{ ...mark, revision: 'r2', confirmed: false }])).toBe(true);
    await bench.claim(await bench.afterLeases(20_000));
    expect(await bench.queue.announce(late, [{ ...mark, revision: 'r3' }])).toBe(false);
    expect(await bench.queue.recordMarks('tenant-a', 'c1', ['p-pol-1'])).toEqual(
      new Map([['p-pol-1', { revision: 'r2', contentHash: 'h1', confirmed: false, targetId: '42' }]]),
    );
  });

  it('tells under which root a record was seen last, whatever its connection, also over a restart', async () => {
    const settleWith = async (nowMs: number, places: Settlement['places'], tenant = 'tenant-a') => {
      await bench.queue.append(event(`e${nowMs}`, { tenant, receivedAtMs: nowMs }));
      const claimed = (await bench.claim(nowMs + 5_000, [tenant])).claims[0];
      if (!claimed) throw new Error('the root should be due');
      await bench.queue.settle(claimed, { ...delivered(claimed), places });
    };
    expect(await bench.queue.rootOf('tenant-a', ['p-inv-1'])).toBeUndefined();
    await settleWith(10_000, [
      { key: 'p-inv-1', root: 'policy:1' },
      { key: 'p-inv-2', root: 'policy:1' },
    ]);
    await settleWith(20_000, [{ key: 'p-inv-2', root: 'policy:2' }]);
    await settleWith(30_000, [{ key: 'p-inv-1', root: 'policy:9' }], 'tenant-b');
    await bench.restart();
    const asked = [['p-inv-1'], ['p-inv-2'], ['unknown', 'p-inv-2', 'p-inv-1'], ['unknown'], []];
    expect(await Promise.all(asked.map((keys) => bench.queue.rootOf('tenant-a', keys)))).toEqual([
      'policy:1',
      'policy:2',
      'policy:2',
      undefined,
      undefined,
    ]);
    expect(await bench.queue.rootOf('tenant-b', ['p-inv-1'])).toBe('policy:9');
  });

  it('learns nothing from a settlement that it refuses', async () => {
    await bench.queue.append(event('e1'));
    const late = (await bench.claim(20_000)).claims[0];
    await bench.claim(await bench.afterLeases(20_000));
    if (!late) throw new Error('the root should be due');
    await bench.queue.settle(late, { ...delivered(late), places: [{ key: 'p-inv-1', root: 'policy:1' }] });
    expect(await bench.queue.rootOf('tenant-a', ['p-inv-1'])).toBeUndefined();
  });
}
