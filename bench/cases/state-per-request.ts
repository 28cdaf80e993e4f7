import type { BenchCase } from '../kit/bench-case.ts';
import { startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { Yardstick } from '../kit/yardstick.ts';

/** What each is called on the page, by what the server is told. */
const VARIANTS = {
  singleton: 'singleton (no request)',
  storage: 'AsyncLocalStorage',
  durable: 'durable provider',
  request: 'request scope',
};

/** What each way to give a provider its request costs in Nest, as a difference to a plain singleton. */
export const statePerRequest: BenchCase = {
  name: 'state-per-request',
  title: 'A StateService that knows its request, in a Nest app of its own',
  rounds: 7,
  run: async (context) => {
    const load = startLoad();
    context.afterwards(() => load.end());
    const servers: { readonly name: string; readonly server: Yardstick }[] = [];
    for (const [VARIANT, name] of Object.entries(VARIANTS)) {
      const server = await Yardstick.start('state-server', { VARIANT });
      context.afterwards(() => server.end());
      servers.push({ name, server });
    }
    const run = {
      plan: 'single',
      tenants: 50,
      connections: 8,
      first: 0,
      count: context.quick ? 3_000 : 20_000,
    } as const;
    for (const { server } of servers) await press(server, load, run);
    const measurements = new Measurements();
    for (let round = 1; round <= context.rounds; round++) {
      for (const { name, server } of servers) {
        const { cpuPerEvent } = await press(server, load, run);
        measurements.add(name, { 'CPU-µs/request': cpuPerEvent });
      }
      context.say(`round ${round} of ${context.rounds}`);
    }
    return { conditions: { 'requests a measurement': run.count }, variants: measurements.variants(), skipped: [] };
  },
};
