import type { LookupAddress } from 'node:dns';
import { LookupGate, type Resolve } from './lookup-gate.js';

const FOUND: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }];
const REFUSED = 'EAI_AGAIN';

/** A gate over a resolver that answers when the test says so. */
function scene(maxWaitMs = 5_000) {
  const asked: string[] = [];
  const open = new Map<string, Parameters<Resolve>[2]>();
  const clock = { nowMs: 1_000 };
  const resolve: Resolve = (hostname, _options, callback) => {
    asked.push(hostname);
    open.set(hostname, callback);
  };
  const gate = new LookupGate(resolve, maxWaitMs, () => clock.nowMs);
  return {
    asked,
    clock,
    lookup: (hostname: string) => gate.lookup(hostname, { all: true }),
    /** Ends the lookup of this name after so long. */
    async end(hostname: string, afterMs: number, error: NodeJS.ErrnoException | null = null) {
      clock.nowMs += afterMs;
      open.get(hostname)?.(error, error ? [] : FOUND);
      await new Promise(setImmediate);
    },
  };
}

/** What became of it by now, so that one that hangs fails a test at once. */
function byNow(answer: Promise<unknown>): Promise<unknown> {
  const code = answer.catch(({ code }: NodeJS.ErrnoException) => code);
  return Promise.race([code, new Promise((resolve) => setImmediate(resolve, 'nothing yet'))]);
}

it('looks one name up at a time, and each of them at once when there is no other', async () => {
  const { asked, lookup, end } = scene();
  const names = ['a', 'b', 'c'];
  const answers = names.map(lookup);
  for (const [index, name] of names.entries()) {
    expect(asked).toEqual(names.slice(0, index + 1));
    await end(name, 20);
  }
  expect(await Promise.all(answers)).toEqual([FOUND, FOUND, FOUND]);
});

it('looks a name up once for all who ask meanwhile, and again for who asks later', async () => {
  const { asked, lookup, end } = scene();
  const together = [lookup('a'), lookup('a'), lookup('a')];
  await end('a', 20);
  expect(await Promise.all(together)).toEqual([FOUND, FOUND, FOUND]);
  expect(asked).toEqual(['a']);
  void lookup('a');
  expect(asked).toEqual(['a', 'a']);
});

it('passes on that there is no such name, which is no reason to leave it alone', async () => {
  const { asked, lookup, end } = scene();
  for (let times = 0; times < 2; times++) {
    const answer = expect(lookup('typo')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await end('typo', 20, Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await answer;
  }
  expect(asked).toEqual(['typo', 'typo']);
});

it('waits for another name no longer than a connection may take, and then that lookup is not made any more', async () => {
  const { asked, lookup, end } = scene(20);
  const silent = lookup('silent');
  await expect(lookup('other')).rejects.toMatchObject({ code: REFUSED });
  await end('silent', 1_000);
  expect(await silent).toEqual(FOUND);
  expect(asked).toEqual(['silent']);
  const later = lookup('other');
  await end('other', 20);
  expect(await later).toEqual(FOUND);
});

describe('a name whose server does not answer', () => {
  it('is refused at once as soon as that is known, and for half a minute after', async () => {
    const { asked, clock, lookup, end } = scene();
    const first = lookup('silent');
    clock.nowMs += 1_999;
    const joined = lookup('silent');
    clock.nowMs += 1;
    expect(await byNow(lookup('silent'))).toBe(REFUSED);
    await end('silent', 500);
    expect(await Promise.all([first, joined])).toEqual([FOUND, FOUND]);
    clock.nowMs += 29_999;
    expect(await byNow(lookup('silent'))).toBe(REFUSED);
    expect(asked).toEqual(['silent']);
    clock.nowMs += 1;
    void lookup('silent');
    expect(asked).toEqual(['silent', 'silent']);
  });

  it.each([
    [10_000, 100_000],
    [25_000, 250_000],
    [60_000, 300_000],
  ])('that held the others up for %i ms rests for %i ms', async (tookMs, restMs) => {
    const { asked, clock, lookup, end } = scene();
    const first = byNow(lookup('silent'));
    await end('silent', tookMs, Object.assign(new Error('no answer'), { code: REFUSED }));
    expect(await first).toBe(REFUSED);
    clock.nowMs += restMs - 1;
    expect(await byNow(lookup('silent'))).toBe(REFUSED);
    clock.nowMs += 1;
    void lookup('silent');
    expect(asked).toEqual(['silent', 'silent']);
  });

  it('keeps no other name from being looked up while it rests', async () => {
    const { lookup, end } = scene();
    const slow = lookup('silent');
    await end('silent', 20_000);
    expect(await byNow(slow)).toEqual(FOUND);
    const other = lookup('other');
    await end('other', 20);
    expect(await byNow(other)).toEqual(FOUND);
  });
});
