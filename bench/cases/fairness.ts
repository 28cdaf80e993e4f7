import { fillBacklog } from '../kit/backlog.ts';
import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase } from '../kit/bench-case.ts';
import { Lags } from '../kit/lags.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { type Store, storesOf } from '../kit/store.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const SETTLING = { SETTLE_MS: '0', SETTLE_MAX_MS: '0' };
const PER_SECOND = 20;
const WAITING = 100_000;
const WAITING_FOR_THE_DEAD = 1_000;

/** Their keys are `key-0`, `key-1` and `key-2`. */
const QUIET = 0;
const BUSY = 1;
const DEAD = 2;

interface Neighbourhood {
  readonly neighbour?: { readonly tenant: number; readonly events: number };
}

const NEIGHBOURHOODS: Readonly<Record<string, Neighbourhood>> = {
  alone: {},
  'beside 100,000 waiting events': { neighbour: { tenant: BUSY, events: WAITING } },
  'beside a dead target': { neighbour: { tenant: DEAD, events: WAITING_FOR_THE_DEAD } },
};

/** Whether one tenant's flood or dead target delays another tenant. */
export const fairness: BenchCase = {
  name: 'fairness',
  title: 'What one tenant notices of another',
  rounds: 3,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    await surroundings.letTargetsDie(DEAD);
    const load = startLoad();
    context.afterwards(() => load.end());
    const { stores, skipped } = await storesOf(context);
    const places: { readonly name: string; readonly store: Store; readonly neighbourhood: Neighbourhood }[] = [];
    for (const newStore of Object.values(stores)) {
      for (const [name, neighbourhood] of Object.entries(NEIGHBOURHOODS)) {
        const store = await newStore();
        const { neighbour } = neighbourhood;
        if (neighbour !== undefined) {
          const plan = { events: neighbour.events, tenants: 1, firstTenant: neighbour.tenant };
          await fillBacklog(store, surroundings, plan);
        }
        places.push({ name: `${store.name}: ${name}`, store, neighbourhood });
      }
    }
    const measurements = new Measurements();
    const seconds = context.quick ? 6 : 15;
    for (let round = 0; round < context.rounds; round++) {
      for (const { name, store, neighbourhood } of places) {
        const first = round * seconds * PER_SECOND * 2;
        const lag = await lagOf({ surroundings, load, store, neighbourhood, seconds, first });
        measurements.add(name, lag);
        context.say(`round ${round + 1} of ${context.rounds}: ${name}: p99 ${Math.round(lag['lag p99 ms'])} ms`);
      }
    }
    return {
      conditions: { 'events/s': PER_SECOND, 'seconds a measurement': seconds },
      variants: measurements.variants(),
      skipped,
    };
  },
};

interface Watching {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly store: Store;
  readonly neighbourhood: Neighbourhood;
  readonly seconds: number;
  readonly first: number;
}

async function lagOf({ surroundings, load, store, neighbourhood: { neighbour }, seconds, first }: Watching) {
  const environment = { ...store.environment, ...SETTLING };
  const app = await BenchApp.start({ surroundings, dataDir: store.dataDir, environment });
  try {
    await app.makeKnown(1, QUIET);
    if (neighbour !== undefined) await app.makeKnown(1, neighbour.tenant);
    const run = { plan: 'single', tenants: 1, firstTenant: QUIET, connections: 8 } as const;
    const pace = { perSecond: PER_SECOND, durationMs: seconds * 1_000 };
    // Only the quiet tenant's webhooks ring, so this line tells its name.
    const quiet = new Promise<string>((resolve) => {
      app.log.listen((event, line) => {
        if (event === 'webhook.accepted') resolve(/"tenant":"(\w+)"/.exec(line)?.[1] ?? '');
      });
    });
    const warm = await press(app, load, { ...run, ...pace, first });
    const lags = new Lags(app);
    const tenant = await quiet;
    const report = await press(app, load, { ...run, ...pace, first: warm.next });
    const untilMs = performance.now() + seconds * 1_000;
    while (lags.count(tenant) < report.answered && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
      'lag p50 ms': lags.quantile(0.5, tenant),
      'lag p99 ms': lags.quantile(0.99, tenant),
      'not delivered': Math.max(0, report.answered - lags.count(tenant)),
      'neighbour events/s': (lags.count() - lags.count(tenant)) / seconds,
    };
  } finally {
    await app.end();
  }
}
