import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase } from '../kit/bench-case.ts';
import { createControlGroup } from '../kit/control-group.ts';
import { startLoad } from '../kit/load/load.ts';
import { PLAN } from '../kit/machine.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { median, slopeShare } from '../kit/statistics.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const MINUTES = 30;
const TENANTS = 50;
const SETTLING = { SETTLE_MS: '100', SETTLE_MAX_MS: '1000' };
const SAMPLE_MS = 1_000;
/** Of the whole time; what comes before is warming up. */
const WARM_AFTER = 0.2;
/** There is always this much to do, and the file does not grow without end. */
const WAITING_AT_MOST = 2_000;
const AT_ONCE = 1_000;
/** The half hour is shown in so many parts: what grows without end grows in the last of them too. */
const PARTS = 6;
const MEGABYTE = 1024 * 1024;

/** Half an hour at saturation in the plan's memory: whether anything grows. Once, whatever the number of rounds. */
export const soak: BenchCase = {
  name: 'soak',
  title: 'Half an hour at saturation, inside 128 MB',
  rounds: 1,
  run: async (context) => {
    const group = createControlGroup({ memoryBytes: PLAN.memoryBytes });
    if (group === undefined) {
      return {
        conditions: {},
        variants: [],
        skipped: ['Control groups cannot be written here: there is no limit to be in.'],
      };
    }
    context.afterwards(() => group.remove());
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const app = await BenchApp.start({ surroundings, dataDir: context.folder(), environment: SETTLING, group });
    context.afterwards(() => app.end());
    await app.makeKnown(TENANTS);
    const seconds = context.quick ? 30 : MINUTES * 60;
    const samples: Sample[] = [];
    const sample = (): void => {
      const [heldMb, ownMb] = [group.workingSetBytes() / MEGABYTE, app.memory().privateKb / 1024];
      samples.push({ heldMb, ownMb, delivered: app.log.of('sync.delivered') });
      if (samples.length % 60 === 0) context.say(`${samples.length / 60} minutes, ${samples.at(-1)?.delivered} events`);
    };
    const timer = setInterval(sample, SAMPLE_MS);
    context.afterwards(() => clearInterval(timer));
    const untilMs = performance.now() + seconds * 1_000;
    for (let first = 0; performance.now() < untilMs; first += AT_ONCE) {
      await press(app, load, { plan: 'single', tenants: TENANTS, connections: 16, first, count: AT_ONCE });
      await app.lines('sync.delivered', first + AT_ONCE - WAITING_AT_MOST);
    }
    const parts = context.quick ? 1 : PARTS;
    const measurements = new Measurements();
    measurements.add('app', {
      ...memoryOf(samples),
      'growth of private memory after warm-up, %': slopeShare(ownOf(samples.slice(samples.length * WARM_AFTER))) * 100,
      'out-of-memory kills': group.kills(),
    });
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part / parts, (part + 1) / parts].map((share) => Math.floor(samples.length * share));
      const minutes = [from, to].map((second = 0) => Math.round((second * SAMPLE_MS) / 60_000));
      measurements.add(`app, minutes ${minutes.join(' to ')}`, memoryOf(samples.slice(from, to)));
    }
    return {
      conditions: { minutes: seconds / 60, tenants: TENANTS, 'group MB': PLAN.memoryBytes / MEGABYTE },
      variants: measurements.variants(),
      skipped: [],
    };
  },
};

interface Sample {
  readonly heldMb: number;
  readonly ownMb: number;
  /** Since the start. */
  readonly delivered: number;
}

function memoryOf(samples: readonly Sample[]) {
  const [first, last] = [samples[0], samples.at(-1)];
  const delivered = first && last ? last.delivered - first.delivered : 0;
  return {
    'events/s': (delivered * 1_000) / ((samples.length - 1) * SAMPLE_MS),
    'private MB': median(ownOf(samples)),
    'private MB, highest': Math.max(...ownOf(samples)),
    'group MB, highest': Math.max(...samples.map(({ heldMb }) => heldMb)),
  };
}

function ownOf(samples: readonly Sample[]): readonly number[] {
  return samples.map(({ ownMb }) => ownMb);
}
