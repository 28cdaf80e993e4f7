import type { Bench } from '../bench.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import type { Result } from '../engine.ts';
import { expectThat } from '../expect-that.ts';
import { Family, type Kind, type SampleRecord } from '../samples.ts';

type Outcome = Result['outcome'];

/** Outcomes after which the engine comes back by itself. */
const COMES_BACK: readonly Outcome[] = ['retry', 'unreachable', 'throttled', 'unknown_outcome', 'dependency'];
const HTML = '<html><head><title>502</title></head><body>Bad gateway</body></html>';

interface OddAnswer {
  readonly name: string;
  readonly reply: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** What proxies and broken servers say: the answer is not the target's. */
const BROKEN_SERVER: readonly OddAnswer[] = [
  { name: 'HTML with 502', reply: { status: 502, headers: { 'content-type': 'text/html' }, body: HTML } },
  { name: 'HTML with 503', reply: { status: 503, headers: { 'content-type': 'text/html' }, body: HTML } },
  { name: 'nothing with 500', reply: { status: 500, body: '' } },
  { name: 'JSON cut short with 500', reply: { status: 500, body: '{"message":"Internal' } },
];

/** With a good status, but nobody can tell what became of the record. */
const UNREADABLE: readonly OddAnswer[] = [
  { name: 'HTML', reply: { status: 200, headers: { 'content-type': 'text/html' }, body: HTML } },
  { name: 'JSON cut short', reply: { status: 200, body: '{"results":[{"id":"1' } },
  { name: 'nothing', reply: { status: 200, body: '' } },
  { name: 'JSON of another shape', reply: { status: 200, body: '{"hello":"world"}' } },
];

/** What went wrong is told apart: what may pass comes back, what does not is said, and nobody else pays for it. */
export const FAILURES_CASES: readonly ConformanceCase[] = [
  {
    name: 'a failing server is asked again',
    needs: ['serverError'],
    run: (bench) => expectComesBack(bench, () => bench.fault('serverError')()),
  },
  {
    name: 'records in use by somebody else are tried again',
    needs: ['lock'],
    run: (bench) => expectComesBack(bench, () => bench.fault('lock')()),
  },
  {
    name: 'the answer of a broken server is tried again',
    needs: ['answerWith'],
    run: (bench) => expectEachComesBack(bench, BROKEN_SERVER),
  },
  {
    name: 'an answer with a good status that cannot be read is no success',
    needs: ['answerWith'],
    run: (bench) => expectEachComesBack(bench, UNREADABLE),
  },
  {
    name: 'an answer that nobody knows is tried again, and said',
    needs: ['answerWith'],
    run: (bench) =>
      expectEachComesBack(bench, [{ name: 'a teapot', reply: { status: 418, body: '{"tea":"Earl Grey"}' } }]),
  },
  {
    name: 'a record that is invalid for good is rejected in words, and costs nobody else of its call',
    needs: ['refuseRecord'],
    run: async (bench) => {
      const parties = Array.from({ length: 5 }, () => new Family().record('party'));
      const bad = parties[2];
      expectThat(bad !== undefined, 'There are five.');
      bench.fault('refuseRecord')(bad.key);
      const results = await bench.deliverUntilDone(...parties);
      expectOutcome(results.get(bad.key), ['rejected']);
      const good = parties.filter((party) => party !== bad);
      for (const { key } of good) expectOutcome(results.get(key), ['delivered']);
      await bench.expectOnce(...good);
    },
  },
  {
    name: 'children wait for a parent that was rejected',
    needs: ['refuseRecord'],
    run: async (bench) => {
      const [party, policy] = new Family().upTo('policy');
      expectThat(party !== undefined && policy !== undefined, 'The sample of a policy has a policyholder.');
      bench.fault('refuseRecord')(party.key);
      const results = await bench.deliver(party, policy);
      expectOutcome(results.get(party.key), ['rejected']);
      expectOutcome(results.get(policy.key), ['dependency']);
    },
  },
  {
    name: 'a kind that the account may not write is rejected, and the others are written',
    needs: ['forbid'],
    run: async (bench) => {
      const leaves = ['claim', 'quote', 'invoice', 'activity'] as const satisfies readonly Kind[];
      const forbidden = leaves.find((kind) => bench.supports(kind));
      if (forbidden === undefined) return;
      const family = new Family();
      const others = family.upTo('policy');
      bench.fault('forbid')(forbidden);
      const record = family.record(forbidden);
      const results = await bench.deliverUntilDone(...others, record);
      expectOutcome(results.get(record.key), ['rejected']);
      for (const { key } of others) expectOutcome(results.get(key), ['delivered']);
    },
  },
];

async function expectComesBack(bench: Bench, makeTrouble: () => void): Promise<void> {
  const family = new Family();
  await expectDeliveredAfter(bench, family.record('party'), makeTrouble, 'The trouble');
  const policy = family.record('policy');
  if (bench.supports('policy')) await expectDeliveredAfter(bench, policy, makeTrouble, 'The trouble');
}

async function expectEachComesBack(bench: Bench, answers: readonly OddAnswer[]): Promise<void> {
  for (const { name, reply } of answers) {
    const makeTrouble = () => bench.fault('answerWith')(reply);
    await expectDeliveredAfter(bench, new Family().record('party'), makeTrouble, name);
  }
}

async function expectDeliveredAfter(
  bench: Bench,
  record: SampleRecord,
  makeTrouble: () => void,
  name: string,
): Promise<void> {
  makeTrouble();
  const result = (await bench.deliver(record)).get(record.key);
  expectThat(
    result !== undefined && COMES_BACK.includes(result.outcome),
    `${name} led to ${JSON.stringify(result)}, which does not come back.`,
  );
  await bench.clock.advance(60_000);
  await bench.bring(record);
  await bench.expectOnce(record);
}

function expectOutcome(result: Result | undefined, outcomes: readonly Outcome[]): void {
  const isOne = result !== undefined && outcomes.includes(result.outcome);
  expectThat(isOne, `Instead of ${outcomes.join(' or ')}: ${JSON.stringify(result)}.`);
}
