import { fillBacklog } from '../kit/backlog.ts';
import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase } from '../kit/bench-case.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { type Store, storesOf } from '../kit/store.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const SETTLING = { SETTLE_MS: '0', SETTLE_MAX_MS: '0' };
const LARGE_TENANTS = 100;
const SMALL_BACKLOG = 10_000;
/** Twice as many need less than the 6,000 calls of Core that a tenant may make before it has to wait for its allowance. */
const EVENTS = 900;

interface Level {
  readonly name: string;
  readonly backlog: number;
  readonly tenants: number;
}

const level = (backlog: number, tenants: number): Level => ({
  name: `${backlog.toLocaleString('en')} waiting, ${tenants === 1 ? '1 tenant' : `${tenants.toLocaleString('en')} tenants`}`,
  backlog,
  tenants,
});

const LEVELS = [1_000, 100_000, 1_000_000].map((backlog) => level(backlog, LARGE_TENANTS));
const QUICK_LEVELS = [1_000, 100_000].map((backlog) => level(backlog, LARGE_TENANTS));
const TENANT_LEVELS = [1, 100, 1_000].map((tenants) => level(SMALL_BACKLOG, tenants));

/** What one event costs while more and more others wait, and while more and more tenants are served. */
export const growth: BenchCase = {
  name: 'growth',
  title: 'Cost of an event as backlog and tenants grow',
  rounds: 3,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const { stores, skipped } = await storesOf(context);
    const levels = [...(context.quick ? QUICK_LEVELS : LEVELS), ...TENANT_LEVELS];
    const filled: { readonly level: Level; readonly store: Store }[] = [];
    for (const newStore of Object.values(stores)) {
      for (const each of levels) {
        const store = await newStore();
        await fillBacklog(store, surroundings, { events: each.backlog, tenants: each.tenants });
        context.say(`${store.name}: ${each.name} are ready`);
        filled.push({ level: each, store });
      }
    }
    const measurements = new Measurements();
    const events = context.quick ? 500 : EVENTS;
    for (let round = 0; round < context.rounds; round++) {
      for (const { level: each, store } of filled) {
        const cost = await costOf({ surroundings, load, store, level: each, events, first: round * events * 2 });
        measurements.add(`${store.name}: ${each.name}`, cost);
        context.say(
          `round ${round + 1} of ${context.rounds}: ${store.name}, ${each.name}: ${Math.round(cost['CPU-µs/event'])} CPU-µs an event`,
        );
      }
    }
    return { conditions: { 'events a measurement': events }, variants: measurements.variants(), skipped };
  },
};

interface Costing {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly store: Store;
  readonly level: Level;
  readonly events: number;
  readonly first: number;
}

/** As many events come in as go out, so the backlog is the same before and after. */
async function costOf({ surroundings, load, store, level: { tenants }, events, first }: Costing) {
  const environment = { ...store.environment, ...SETTLING };
  const app = await BenchApp.start({ surroundings, dataDir: store.dataDir, environment });
  try {
    await app.makeKnown(tenants);
    await app.lines('catchup.completed', tenants);
    const exchange = async (from: number): Promise<number> => {
      const delivered = app.log.of('sync.delivered');
      await press(app, load, { plan: 'single', tenants, connections: 16, first: from, count: events });
      await app.lines('sync.delivered', delivered + events);
      return app.log.of('sync.delivered') - delivered;
    };
    await exchange(first);
    const [cpuBefore, startedMs] = [app.cpuMicros(), performance.now()];
    const through = await exchange(first + events);
    return {
      'CPU-µs/event': (app.cpuMicros() - cpuBefore) / through,
      'events/s': (through * 1_000) / (performance.now() - startedMs),
    };
  } finally {
    await app.end();
  }
}
