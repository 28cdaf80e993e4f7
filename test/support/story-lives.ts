import { readExpectedCrm } from '../../sandbox/demo/verify-crm.ts';
import { seededRandom } from '../../sandbox/story/seeded-random.ts';
import { StoryBench } from './story-bench.js';
import { differences, type LifeEnd, StoryLife } from './story-life.js';

/** A busy machine lives fewer lives rather than none of the other tests: then a line says how many. */
const BUDGET_MS = 300_000;

/**
 * Defines the tests that live the story once undisturbed and then `count` times with its webhooks lost, repeated and
 * out of order. The seed decides all of a life; a failure names it and the order in which things happened.
 */
export function describeLives(firstSeed: number, count: number): void {
  describe('the story, with its webhooks lost, repeated and out of order', () => {
    const real = { now: Date.now, random: Math.random };
    let bench: StoryBench;
    let undisturbed: LifeEnd;

    beforeAll(async () => {
      bench = new StoryBench();
      undisturbed = await new StoryLife(bench, 'undisturbed', 'calm', seededRandom(0)).live();
    });

    afterAll(async () => {
      Object.assign(Date, { now: real.now });
      Object.assign(Math, { random: real.random });
      await bench.close();
    });

    it('is complete when nothing goes wrong', () => {
      const { records, activities } = readExpectedCrm();
      expect(undisturbed.problems).toEqual([]);
      expect([...undisturbed.records.keys()].toSorted()).toEqual(Object.keys(records).toSorted());
      expect(undisturbed.lines.size).toBe(activities);
    });

    it(
      `ends with the same CRM in ${count} lives from seed ${firstSeed} on`,
      async () => {
        const startedMs = performance.now();
        for (let seed = firstSeed; seed < firstSeed + count; seed++) {
          if (performance.now() - startedMs > BUDGET_MS) {
            process.stderr.write(`Only ${seed - firstSeed} of ${count} lives: the time for them is over.\n`);
            return;
          }
          const life = new StoryLife(bench, `seed-${seed}`, 'wild', seededRandom(seed));
          const end = await life.live().catch((error: unknown) => {
            throw new Error(`STORY_SEED=${seed}`, { cause: error });
          });
          const problems = [...end.problems, ...differences(undisturbed, end)];
          if (problems.length === 0) continue;
          throw new Error(`STORY_SEED=${seed}\n${problems.join('\n')}\nin this order:\n${life.trace.join('\n')}`);
        }
      },
      2 * BUDGET_MS,
    );
  });
}
