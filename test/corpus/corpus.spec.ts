import { readdirSync, readFileSync } from 'node:fs';
import { Bench } from '../../sandbox/conformance/bench.ts';
import { realClock } from '../../sandbox/conformance/clock.ts';
import { Family, KINDS, type Kind } from '../../sandbox/conformance/samples.ts';
import { STAND_INS } from '../../sandbox/conformance/stand-ins.ts';
import type { TargetResponse } from '../../src/connectors/connector.js';
import { CONNECTORS } from '../../src/connectors/connectors.js';
import { engineWith } from '../conformance/engine.js';

/**
 * Every error answer that is documented for a target, or that was recorded from a real server, and what it means:
 * judged by itself, and as the outcome of a delivery that gets this answer to every write.
 */

interface Corpus {
  readonly target: string;
  readonly answers: readonly CorpusAnswer[];
}

interface CorpusAnswer {
  readonly name: string;
  /** Where it is from; `test/README.md` says what the names mean. */
  readonly source: string;
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Text as it is, or JSON. */
    readonly body?: unknown;
  };
  readonly expected: { readonly outcome: string; readonly code?: string; readonly retryAfterMs?: number };
  /** Answers that no write of a record gets: `why` says where they come from. */
  readonly only?: 'classify';
  readonly why?: string;
  /** The kind whose writes get such an answer; default: the first that the connector supports. */
  readonly kind?: Kind;
}

/** Dates in headers are measured against this moment. */
const NOW = Date.parse('2026-11-22T10:00:00Z');
/** More writes than one record ever takes. */
const EVERY_WRITE = 100;

const FILES = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
// Safe: the first test below holds the files to this shape as far as it matters.
const CORPORA = FILES.map((name) => JSON.parse(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')) as Corpus);

const bodyOf = ({ response: { body = '' } }: CorpusAnswer) => (typeof body === 'string' ? body : JSON.stringify(body));

function exchangeOf(answer: CorpusAnswer): TargetResponse {
  const { status, headers = {} } = answer.response;
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { kind: 'answer', status, headers: Object.fromEntries(lowerCased), body: bodyOf(answer) };
}

/** What of a failure the corpus speaks of. */
function outcomeOf(failure: CorpusAnswer['expected'] | undefined): CorpusAnswer['expected'] {
  return failure ?? { outcome: 'delivered' };
}

it('every connector has a corpus, and all of them together are large', () => {
  expect(CORPORA.map(({ target }) => target).toSorted()).toEqual(CONNECTORS.map(({ id }) => id).toSorted());
  expect(CORPORA.flatMap(({ answers }) => answers).length).toBeGreaterThanOrEqual(300);
});

describe.each(CORPORA)('$target', ({ target: id, answers }) => {
  const connector = CONNECTORS.find((one) => one.id === id);
  if (connector === undefined) throw new Error(`There is no connector ${id}.`);
  const standIn = STAND_INS.find(({ connectorId }) => connectorId === id);

  it('names every answer once, with its source', () => {
    const names = answers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(answers.filter(({ source, only, why }) => source === '' || (only && !why))).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(40);
  });

  it.each(answers)('$name', (answer) => {
    expect(outcomeOf(connector.classify(exchangeOf(answer), NOW))).toMatchObject(answer.expected);
  });

  const ofWrites = answers.filter(({ only, expected }) => only === undefined && expected.outcome !== 'delivered');

  it.each(ofWrites)('$name, as the answer to every write', async (answer) => {
    const clock = realClock();
    const target = await standIn?.start({ now: clock.now });
    if (target === undefined) throw new Error(`There is no stand-in of ${id}.`);
    const bench = new Bench({ engine: engineWith(CONNECTORS), connector, target, clock });
    try {
      await bench.start();
      const kind = answer.kind ?? KINDS.find((one) => bench.supports(one)) ?? 'party';
      const records = new Family().upTo(kind);
      await bench.bring(...records.slice(0, -1));
      const { status, headers = {} } = answer.response;
      bench.fault('answerWith')({ status, headers, body: bodyOf(answer) }, EVERY_WRITE);
      const results = await bench.deliver(...records);
      expect(outcomeOf(results.get(records.at(-1)?.key ?? ''))).toMatchObject(answer.expected);
      bench.expectDiscretion();
    } finally {
      await bench.close();
      await target.close();
    }
  });
});
