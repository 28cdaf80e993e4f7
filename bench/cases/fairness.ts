import { setTimeout as sleep } from 'node:timers/promises';
import { fillBacklog } from '../kit/backlog.ts';
import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase } from '../kit/bench-case.ts';
import { Lags } from '../kit/lags.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { type NewStore, type Store, storesOf } from '../kit/store.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

/** As shipped a root rests five seconds after its last event; without that, every millisecond of a neighbour shows. */
const SETTLINGS = { '': {}, ', without the rest': { SETTLE_MS: '0', SETTLE_MAX_MS: '0' } } as const;
const PER_SECOND = 20;
const WAITING = 100_000;
const WAITING_FOR_THE_DEAD = 1_000;
const LONGEST_REST_MS = 10_000;
/** As in the outage of a vendor. */
const MANY_DEAD = 20;

/** Their keys are `key-0` and so on; all from the last one on are dead. */
const QUIET = 0;
const BUSY = 1;
const DEAD = 2;

interface Neighbourhood {
  readonly neighbours?: { readonly first: number; readonly count: number; readonly events: number };
}

const NEIGHBOURHOODS: Readonly<Record<string, Neighbourhood>> = {
  alone: {},
  'beside 100,000 waiting events': { neighbours: { first: BUSY, count: 1, events: WAITING } },
  'beside a dead target': { neighbours: { first: DEAD, count: 1, events: WAITING_FOR_THE_DEAD } },
  'beside 20 dead targets': { neighbours: { first: DEAD, count: MANY_DEAD, events: WAITING_FOR_THE_DEAD } },
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
    const places: Place[] = [];
    for (const newStore of Object.values(stores)) places.push(...(await placesIn(newStore, surroundings)));
    const measurements = new Measurements();
    const seconds = context.quick ? 6 : 15;
    for (let round = 0; round < context.rounds; round++) {
      for (const [number, place] of places.entries()) {
        const { name } = place;
        const first = (round * places.length + number) * seconds * PER_SECOND * 2;
        const lag = await lagOf({ ...place, surroundings, load, seconds, first });
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

interface Place {
  readonly name: string;
  readonly store: Store;
  readonly neighbourhood: Neighbourhood;
  readonly settling: Readonly<Record<string, string>>;
}

/** Each neighbourhood has a store of its own, and is looked at with and without the rest. */
async function placesIn(newStore: NewStore, surroundings: Surroundings): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const [name, neighbourhood] of Object.entries(NEIGHBOURHOODS)) {
    const store = await newStore();
    const { neighbours } = neighbourhood;
    if (neighbours !== undefined) {
      const { events, count, first } = neighbours;
      await fillBacklog(store, surroundings, { events, tenants: count, firstTenant: first });
    }
    for (const [rest, settling] of Object.entries(SETTLINGS)) {
      places.push({ name: `${store.name}${rest}: ${name}`, store, neighbourhood, settling });
    }
  }
  return places;
}

interface Watching extends Place {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly seconds: number;
  readonly first: number;
}

async function lagOf(watching: Watching) {
  const { surroundings, load, store, neighbourhood, settling, seconds, first } = watching;
  const { neighbours } = neighbourhood;
  const environment = { ...store.environment, ...settling };
  const app = await BenchApp.start({ surroundings, dataDir: store.dataDir, environment });
  try {
    await app.makeKnown(1, QUIET);
    if (neighbours !== undefined) await app.makeKnown(neighbours.count, neighbours.first);
    const run = { plan: 'single', tenants: 1, firstTenant: QUIET, connections: 8 } as const;
    const pace = { perSecond: PER_SECOND, durationMs: seconds * 1_000 };
    // Only the quiet tenant's webhooks ring, so this line tells its name.
    const quiet = new Promise<string>((resolve) => {
      app.log.listen((event, line) => {
        if (event === 'webhook.accepted') resolve(/"tenant":"(\w+)"/.exec(line)?.[1] ?? '');
      });
    });
    const warm = await press(app, load, { ...run, ...pace, first });
    const tenant = await quiet;
    const lags = new Lags(app);
    // Nothing of the warm-up may pass for what is measured: it is through, or as late as nothing should be.
    await sleep(LONGEST_REST_MS);
    lags.clear();
    const startedMs = performance.now();
    const report = await press(app, load, { ...run, ...pace, first: warm.next });
    const untilMs = performance.now() + seconds * 1_000 + LONGEST_REST_MS;
    while (lags.count(tenant) < report.answered && performance.now() < untilMs) await sleep(50);
    const watchedSeconds = (performance.now() - startedMs) / 1_000;
    return {
      'lag p50 ms': lags.quantile(0.5, tenant),
      'lag p99 ms': lags.quantile(0.99, tenant),
      'not delivered': Math.max(0, report.answered - lags.count(tenant)),
      'neighbour events/s': (lags.count() - lags.count(tenant)) / watchedSeconds,
    };
  } finally {
    await app.end();
  }
}
