import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase, BenchContext } from '../kit/bench-case.ts';
import { type ControlGroup, createControlGroup } from '../kit/control-group.ts';
import { Lags } from '../kit/lags.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { PLAN, planCpuShare } from '../kit/machine.ts';
import { Measurements } from '../kit/measurements.ts';
import { sqliteStore } from '../kit/store.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const TENANTS = 20;
const SETTLE_MS = 1_000;
const SETTLING = { SETTLE_MS: String(SETTLE_MS), SETTLE_MAX_MS: '5000' };
/** In one request, where a receiver takes them together. */
const MOST_RECORDS = 100;
/**
 * Single events a second: what the plan is to carry, steps on the way there, and one where records go together. Only where
 * as much is delivered as is offered does the lag say how late an event is; else it grows for as long as more comes in.
 */
const OFFERED = [
  { perSecond: 5, batchSize: 1 },
  { perSecond: 10, batchSize: 1 },
  { perSecond: 25, batchSize: 1 },
  { perSecond: 50, batchSize: 1 },
  { perSecond: 100, batchSize: 1 },
  { perSecond: 50, batchSize: MOST_RECORDS },
];
const HEALTHY_WITHIN_MS = 180_000;
const MEGABYTE = 1024 * 1024;

/** The app inside the Standard plan of the Marketplace. */
export const plan: BenchCase = {
  name: 'plan',
  title: 'Inside the Standard plan: 128 MB and 150 MHz of this machine',
  rounds: 3,
  run: async (context) => {
    const share = planCpuShare(context.machine);
    const measurements = new Measurements();
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const seconds = context.quick ? 10 : 40;
    for (let round = 1; round <= context.rounds; round++) {
      for (const { perSecond, batchSize } of OFFERED) {
        await surroundings.setBatchSize(batchSize);
        const group = createControlGroup({ memoryBytes: PLAN.memoryBytes, cpuShare: share });
        if (group === undefined) {
          return {
            conditions: {},
            variants: [],
            skipped: ['Control groups cannot be written here: there is no plan to be in.'],
          };
        }
        context.afterwards(() => group.remove());
        const metrics = await inPlan(context, { surroundings, load, group, perSecond, seconds });
        measurements.add(`${perSecond} events/s offered${batchSize > 1 ? ', records together' : ''}`, metrics);
        context.say(
          `round ${round} of ${context.rounds}: healthy after ${metrics['s to healthy'].toFixed(1)} s, ` +
            `${metrics['delivered/s'].toFixed(0)} of ${perSecond} events/s delivered`,
        );
      }
    }
    return {
      conditions: {
        'MHz of this machine': context.machine.megahertz,
        'share of one core': Number(share.toFixed(4)),
        'group MB': PLAN.memoryBytes / MEGABYTE,
        tenants: TENANTS,
        'seconds a rate': seconds,
        SETTLE_MS: SETTLE_MS,
      },
      variants: measurements.variants(),
      skipped: [],
    };
  },
};

interface Inside {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly group: ControlGroup;
  readonly perSecond: number;
  readonly seconds: number;
}

async function inPlan(context: BenchContext, { surroundings, load, group, perSecond, seconds }: Inside) {
  const dataDir = context.folder();
  const options = { surroundings, dataDir, environment: SETTLING, group, healthyWithinMs: HEALTHY_WITHIN_MS };
  const app = await BenchApp.start(options);
  try {
    await app.makeKnown(TENANTS);
    const run = { port: app.port, path: '/webhook-notify', plan: 'single', tenants: TENANTS, connections: 16 } as const;
    // Warm: the first events are read by the interpreter, and a plan this small is slow to get past that.
    const warm = await load.ask({ ...run, first: 0, durationMs: (seconds * 1_000) / 2, perSecond });
    const lags = new Lags(app);
    const cpuBefore = app.cpuMicros();
    const report = await load.ask({ ...run, first: warm.next, durationMs: seconds * 1_000, perSecond });
    const delivered = lags.count();
    const cpuPerDelivery = delivered === 0 ? 0 : (app.cpuMicros() - cpuBefore) / delivered;
    const memoryMb = group.workingSetBytes() / MEGABYTE;
    const kills = group.kills();
    const accepted = warm.answered - warm.refused + report.answered - report.refused;
    await app.end();
    const store = sqliteStore(dataDir);
    const [waiting, done, dead] = await Promise.all(
      ['waiting', 'delivered', 'dead'].map((state) => store.count(state)),
    );
    return {
      's to healthy': app.startedIn.wallMs / 1_000,
      'accepted/s': (report.answered - report.refused) / (report.elapsedMs / 1_000),
      'delivered/s': delivered / (report.elapsedMs / 1_000),
      'CPU-µs/event': cpuPerDelivery,
      refused: report.refused,
      lost: accepted - (waiting ?? 0) - (done ?? 0) - (dead ?? 0),
      'lag p50 ms': delivered === 0 ? 0 : lags.quantile(0.5),
      'lag p99 ms': delivered === 0 ? 0 : lags.quantile(0.99),
      'accept p99 ms': report.latencyMs.p99,
      'group MB': memoryMb,
      'out-of-memory kills': kills,
    };
  } finally {
    await app.end();
  }
}
