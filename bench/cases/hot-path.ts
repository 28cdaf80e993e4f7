import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase, BenchContext } from '../kit/bench-case.ts';
import { topRows } from '../kit/cpu-profile.ts';
import type { EventPlan } from '../kit/events.ts';
import { freePort } from '../kit/free-port.ts';
import { Inspector } from '../kit/inspector.ts';
import { startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const ROWS = 15;
const TENANTS = 50;
const NEVER_MS = '3600000';

interface Path {
  readonly name: string;
  readonly plan: EventPlan;
  readonly settleMs: string;
  readonly events: number;
}

const PATHS: readonly Path[] = [
  { name: 'accept', plan: 'single', settleMs: NEVER_MS, events: 10_000 },
  { name: 'single events', plan: 'single', settleMs: '300', events: 3_000 },
  { name: 'bursts of ten', plan: 'burst', settleMs: '300', events: 6_000 },
];

/** Where the time goes once the app is warm: the functions that are most often on top. */
export const hotPath: BenchCase = {
  name: 'hot-path',
  title: 'Profile of the hot path',
  rounds: 1,
  run: async (context) => {
    const measurements = new Measurements();
    for (const path of PATHS) {
      for (const { name, from, share } of await profiled(context, path)) {
        measurements.add(`${path.name}: ${name}, ${from}`, { '% of the busy time': share * 100 });
      }
      context.say(`${path.name} is profiled`);
    }
    return { conditions: { tenants: TENANTS }, variants: measurements.variants(), skipped: [] };
  },
};

async function profiled(context: BenchContext, { plan, settleMs, events }: Path) {
  const surroundings = await Surroundings.start();
  const load = startLoad();
  const inspectorPort = await freePort();
  const app = await BenchApp.start({
    surroundings,
    dataDir: context.folder(),
    environment: { SETTLE_MS: settleMs, SETTLE_MAX_MS: NEVER_MS },
    flags: [`--inspect=127.0.0.1:${inspectorPort}`, '--inspect-publish-uid=http'],
  });
  try {
    const inspector = await Inspector.connect(inspectorPort);
    await app.makeKnown(TENANTS);
    await app.lines('catchup.completed', TENANTS);
    const send = async (first: number, count: number): Promise<void> => {
      const delivered = app.log.of('sync.delivered');
      await press(app, load, { plan, tenants: TENANTS, connections: 16, first, count });
      if (settleMs !== NEVER_MS) await app.lines('sync.delivered', delivered + count);
    };
    const warm = context.quick ? events / 10 : events / 2;
    await send(0, warm);
    const profile = await inspector.profile(() => send(events, context.quick ? events / 5 : events));
    inspector.close();
    return topRows(profile, ROWS);
  } finally {
    for (const part of [app, load, surroundings]) await part.end();
  }
}
