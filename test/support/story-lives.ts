import { readExpectedRecords } from '../../sandbox/demo/verify-records.ts';
import { seededRandom } from '../../sandbox/story/seeded-random.ts';
import type { OpenTarget } from './life-target.js';
import { StoryBench } from './story-bench.js';
import { differences, type LifeEnd, StoryLife } from './story-life.js';

export interface Lives {
  /** What the tenants sync to, by name. */
  readonly target: string;
  readonly open: OpenTarget;
  /** The file below `sandbox/story/` that says what must be there in the end. */
  readonly expected: string;
  readonly firstSeed: number;
  readonly count: number;
  /** A busy machine lives fewer lives rather than none of the other tests: then a line says how many. */
  readonly budgetMs: number;
}

/** The lives of one suite, or with STORY_SEED=n that one life. */
export function seedsOf(firstSeed: number, count: number): Pick<Lives, 'firstSeed' | 'count'> {
  const { STORY_SEED } = process.env;
  return STORY_SEED === undefined ? { firstSeed, count } : { firstSeed: Number(STORY_SEED), count: 1 };
}

/**
 * Defines the tests that live the story once undisturbed and then `count` times with its webhooks lost, repeated and
 * out of order. The seed decides all of a life; a failure names it and the order in which things happened.
 */
export function describeLives({ target, open, expected, firstSeed, count, budgetMs }: Lives): void {
  describe(`the story in ${target}, with its webhooks lost, repeated and out of order`, () => {
    const real = { now: Date.now, random: Math.random };
    let bench: StoryBench;
    let undisturbed: LifeEnd;

    beforeAll(async () => {
      bench = new StoryBench();
      undisturbed = await new StoryLife(bench, 'undisturbed', 'calm', seededRandom(0), open).live();
    });

    afterAll(async () => {
      Object.assign(Date, { now: real.now });
      Object.assign(Math, { random: real.random });
      await bench.close();
    });

    it('is complete when nothing goes wrong', () => {
      const { records, activities } = readExpectedRecords(expected);
      expect(undisturbed.problems).toEqual([]);
      expect([...undisturbed.records.keys()].toSorted()).toEqual(Object.keys(records).toSorted());
      expect(undisturbed.lines.size).toBe(activities);
    });

    it(
      `ends with the same records in ${count} lives from seed ${firstSeed} on`,
      async () => {
        const startedMs = performance.now();
        for (let seed = firstSeed; seed < firstSeed + count; seed++) {
          if (performance.now() - startedMs > budgetMs) {
            process.stderr.write(
              `Only ${seed - firstSeed} of ${count} lives in ${target}: the time for them is over.\n`,
            );
            return;
          }
          const life = new StoryLife(bench, `seed-${seed}`, 'wild', seededRandom(seed), open);
          const end = await life.live().catch((error: unknown) => {
            throw new Error(`STORY_SEED=${seed}`, { cause: error });
          });
          const problems = [...end.problems, ...differences(undisturbed, end)];
          if (problems.length === 0) continue;
          throw new Error(`STORY_SEED=${seed}\n${problems.join('\n')}\nin this order:\n${life.trace.join('\n')}`);
        }
      },
      2 * budgetMs,
    );
  });
}
