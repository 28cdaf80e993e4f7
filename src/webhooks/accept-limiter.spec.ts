import { AcceptLimiter, type AcceptLimits } from './accept-limiter.js';

const PLENTY = { burst: 1_000, perSecond: 1_000 };
const LIMITS: AcceptLimits = { moment: PLENTY, days: PLENTY, unsettled: 3 };

function scene(limits: Partial<AcceptLimits> = {}, backlog = { waitingEvents: 0, deadLetters: 0 }) {
  const held = { ...backlog };
  const counted: (string | undefined)[] = [];
  const ask = (tenant?: string) => {
    counted.push(tenant);
    return Promise.resolve({ ...held });
  };
  return { limiter: new AcceptLimiter({ backlog: ask }, { ...LIMITS, ...limits }), held, counted };
}

describe('how many may ring', () => {
  it.each<[string, Partial<AcceptLimits>, number]>([
    ['in a moment', { moment: { burst: 2, perSecond: 10 } }, 100],
    ['over days', { days: { burst: 2, perSecond: 0.5 } }, 2_000],
  ])('%s', (_what, limits, waitMs) => {
    const { limiter } = scene(limits);
    expect([1, 2, 3].map(() => limiter.take('a', 1_000))).toEqual([0, 0, waitMs]);
    expect(limiter.take('b', 1_000)).toBe(0);
    expect(limiter.take('a', 1_000 + waitMs)).toBe(0);
  });
});

describe('how much may be stored', () => {
  it.each([
    ['nothing yet', { waitingEvents: 0, deadLetters: 0 }, true],
    ['one less than the limit', { waitingEvents: 1, deadLetters: 1 }, true],
    ['as much as waits', { waitingEvents: 3, deadLetters: 0 }, false],
    ['as much as is dead', { waitingEvents: 0, deadLetters: 3 }, false],
    ['both together', { waitingEvents: 2, deadLetters: 1 }, false],
  ])('%s', async (_what, backlog, hasRoom) => {
    expect(await scene({}, backlog).limiter.hasRoom('a', 1_000)).toBe(hasRoom);
  });

  it('is counted once, and what comes on top is added up', async () => {
    const { limiter, counted } = scene({}, { waitingEvents: 1, deadLetters: 0 });
    const answers: boolean[] = [];
    for (let event = 0; event < 4; event++) {
      const hasRoom = await limiter.hasRoom('a', 1_000);
      answers.push(hasRoom);
      if (hasRoom) limiter.stored('a');
    }
    expect(answers).toEqual([true, true, false, false]);
    expect(counted).toEqual(['a']);
    expect(await limiter.hasRoom('b', 1_000)).toBe(true);
  });

  it('is counted again after a while, when it was settled meanwhile', async () => {
    const { limiter, held, counted } = scene({}, { waitingEvents: 3, deadLetters: 0 });
    expect(await limiter.hasRoom('a', 1_000)).toBe(false);
    held.waitingEvents = 2;
    expect(await limiter.hasRoom('a', 10_999)).toBe(false);
    expect(await limiter.hasRoom('a', 11_000)).toBe(true);
    expect(counted).toEqual(['a', 'a']);
  });

  it('is counted once for many that come at the same time', async () => {
    const { limiter, counted } = scene({}, { waitingEvents: 3, deadLetters: 0 });
    for (const nowMs of [0, 20_000]) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => limiter.hasRoom('a', nowMs)));
      expect(new Set(answers)).toEqual(new Set([false]));
    }
    expect(counted).toEqual(['a', 'a']);
  });
});
