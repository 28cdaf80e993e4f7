import { factsOf, kindsOf, type StoreName } from '../../sandbox/faults/fault-kinds.ts';
import { undisturbedPlan } from '../../sandbox/faults/plan.ts';
import type { RunResult } from '../../sandbox/faults/run.ts';
import { chapterIndices, impossibleKinds, Lane, plansOf, runAll, Undisturbed } from '../../sandbox/faults/suite.ts';
import { describeWithPostgres } from '../support/postgres-server.ts';

const DROP_COMMITS = new URL('../../sandbox/faults/drop-commits.js', import.meta.url);
/** Fixed, so that a failure here is the same failure everywhere. */
const FIRST_SEED = 40;
const AT_A_TIME = 3;
const undisturbed = new Undisturbed();

/** One run with each kind of fault; the long part is `npm run faults`. */
function faultsOn(store: StoreName): () => void {
  return () => {
    const results: RunResult[] = [];
    const impossible = new Map<string, string>();

    beforeAll(async () => {
      for (const [kind, reason] of await impossibleKinds()) impossible.set(kind, reason);
      const possible = kindsOf(store).filter((kind) => !impossible.has(kind));
      const plans = possible.flatMap((only, index) =>
        plansOf({ store, runs: 1, seed: FIRST_SEED + index, only, target: 'rest' }),
      );
      results.push(...(await runAll(plans, { parallel: AT_A_TIME, undisturbed })));
    }, 900_000);

    it.each(kindsOf(store).map((kind) => [factsOf(kind).title, kind] as const))('%s', (_title, kind) => {
      const reason = impossible.get(kind);
      if (reason !== undefined) {
        process.stdout.write(`Left out on this machine: ${kind}, because ${reason}.\n`);
        return;
      }
      const result = results.find(({ kinds }) => kinds.includes(kind));
      expect(result?.findings).toEqual([]);
      expect((result?.delivered ?? 0) + (result?.skipped ?? 0)).toBeGreaterThan(0);
    });
  };
}

describe('faults on the embedded queue lose, double and overwrite nothing', faultsOn('sqlite'));
describeWithPostgres('faults on the shared queue lose, double and overwrite nothing', faultsOn('postgres'));

/** A suite that cannot fail proves nothing. */
describe('an app that acknowledges what it has not stored', () => {
  const lane = new Lane(undisturbed);
  afterAll(() => lane.close());

  it('is found out', async () => {
    const plan = undisturbedPlan('sqlite', 'rest', chapterIndices());
    const { accepted, findings } = await lane.run(plan, { preloads: [DROP_COMMITS], patienceMs: 3_000 });
    expect(accepted).toBe(plan.rings.flat().length);
    expect(findings.map(({ promise }) => promise)).toContain('lost');
  });
});
