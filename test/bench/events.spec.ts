import { BURST_TYPES, EventMaker } from '../../bench/kit/events.ts';
import { coreAnswer, FIRST_LARGE_POLICY } from '../../bench/kit/surroundings/core-answers.ts';
import { policyOf } from '../../bench/kit/template.ts';

/** Safe casts: the makers build JSON objects out of the fixtures. */
const eventAt = (maker: EventMaker, index: number) =>
  JSON.parse(maker.at(index).body) as { id: string; type: string; timestamp: string; data: Record<string, string> };
const answerAt = (path: string) => JSON.parse(coreAnswer(path) ?? 'null') as Record<string, unknown> | null;

describe('the webhooks of a run', () => {
  it('are about one policy each, and none is like another', () => {
    const maker = EventMaker.of('single');
    const events = [0, 1, 2].map((index) => eventAt(maker, index));
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events.map(({ data }) => policyOf(data.policyLocator ?? ''))).toEqual([0, 1, 2]);
    expect(Math.abs(Date.now() - Number(events[0]?.timestamp))).toBeLessThan(60_000);
  });

  it('are ten of a policy in a burst', () => {
    const maker = EventMaker.of('burst');
    const events = Array.from({ length: 20 }, (_, index) => eventAt(maker, index));
    expect(events.slice(0, 10).map(({ type }) => type)).toEqual(BURST_TYPES);
    expect(events.map(({ data }) => policyOf(data.policyLocator ?? ''))).toEqual([
      ...Array.from({ length: 10 }, () => 0),
      ...Array.from({ length: 10 }, () => 1),
    ]);
  });
});

describe('the answers of Core', () => {
  it.each(BURST_TYPES)('hold what %s names', (type) => {
    const { data } = eventAt(new EventMaker([type]), 41);
    expect(answerAt(`/policy/${data.policyLocator}`)?.locator).toBe(data.policyLocator);
    for (const [name, path] of [
      ['quoteLocator', '/quotes'],
      ['paymentLocator', '/payments'],
    ] as const) {
      const locator = data[name];
      if (locator !== undefined) expect(answerAt(`${path}/${locator}`)).toHaveProperty('locator');
    }
  });

  it('lead from the policy to a policyholder of its own', () => {
    const holders = ['00000000000100', '00000000000200'].map((locator) =>
      String(answerAt(`/policy/${locator}`)?.policyholderLocator),
    );
    expect(new Set(holders).size).toBe(2);
    expect(holders.map(policyOf)).toEqual([1, 2]);
    expect(answerAt(`/policyholder/${holders[0]}`)).toHaveProperty('entity');
  });

  it('are half a megabyte for a large policy', () => {
    const size = coreAnswer(`/policy/${FIRST_LARGE_POLICY}00`)?.length ?? 0;
    expect(size).toBeGreaterThan(500_000);
    expect(size).toBeLessThan(550_000);
  });

  it('are none for a path that Core does not have', () => {
    expect(coreAnswer('/nothing/00000000000100')).toBeUndefined();
  });
});
