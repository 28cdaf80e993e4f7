import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase, BenchContext } from '../kit/bench-case.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press, type WebhookServer } from '../kit/press.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';
import { Yardstick } from '../kit/yardstick.ts';

const CONNECTIONS = 50;
/** The app takes 500 events a second of one tenant, so the load is that of many. */
const TENANTS = 100;
/** Nothing becomes due while accepting is measured. */
const NOT_DUE = { SETTLE_MS: '3600000', SETTLE_MAX_MS: '3600000' };
const PATTERN = { plan: 'single', tenants: TENANTS, connections: CONNECTIONS } as const;

/** Durable accept against the ceiling and against the pattern of the platform's samples. */
export const accept: BenchCase = {
  name: 'accept',
  title: 'Durable accept',
  rounds: 7,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const app = await BenchApp.start({ surroundings, dataDir: context.folder(), environment: NOT_DUE });
    context.afterwards(() => app.end());
    const bare = await Yardstick.start('bare-server');
    context.afterwards(() => bare.end());
    const keeping = await Yardstick.start('bare-server', { FOLDER: context.folder() });
    context.afterwards(() => keeping.end());
    const inline = await Yardstick.start('express-inline', {
      STATE_API: `http://127.0.0.1:${surroundings.ports.state}`,
      TARGET: `http://127.0.0.1:${surroundings.ports.target}/records`,
    });
    context.afterwards(() => inline.end());
    return measure(context, load, {
      app,
      'bare node:http': bare,
      'bare node:http, keeping': keeping,
      'Express, inline': inline,
    });
  },
};

async function measure(context: BenchContext, load: LoadGenerator, servers: Readonly<Record<string, WebhookServer>>) {
  const measurements = new Measurements();
  const durationMs = context.quick ? 1_500 : 5_000;
  let first = 0;
  // Warm: the first thousands run in the interpreter.
  for (const server of Object.values(servers))
    first = (await press(server, load, { ...PATTERN, first, durationMs })).next;
  for (let round = 1; round <= context.rounds; round++) {
    for (const [name, server] of Object.entries(servers)) {
      const full = await press(server, load, { ...PATTERN, first, durationMs });
      const pace = { durationMs, perSecond: full.perSecond / 2 };
      const half = await press(server, load, { ...PATTERN, first: full.next, ...pace });
      first = half.next;
      measurements.add(name, {
        'events/s': full.perSecond,
        'CPU-µs/event': full.cpuPerEvent,
        'p50 ms at half': half.latencyMs.p50,
        'p99 ms at half': half.latencyMs.p99,
        'p99 ms at full': full.latencyMs.p99,
        'CPU-µs/event of the load': full.cpuMicros / full.answered,
      });
      context.say(`round ${round} of ${context.rounds}: ${name} ${Math.round(full.perSecond)} events/s`);
    }
  }
  return {
    conditions: { connections: CONNECTIONS, tenants: TENANTS, 'ms a measurement': durationMs },
    variants: measurements.variants(),
    skipped: [],
  };
}
