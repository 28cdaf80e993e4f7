import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase, BenchContext } from '../kit/bench-case.ts';
import { countCalls, type EventCalls } from '../kit/event-calls.ts';
import { BURST_TYPES, type EventPlan, SINGLE_TYPE } from '../kit/events.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { Measurements } from '../kit/measurements.ts';
import { installNodeRed, NODE_RED_VERSION, NodeRed } from '../kit/node-red.ts';
import { press, type WebhookServer } from '../kit/press.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';
import { Yardstick } from '../kit/yardstick.ts';

const CONNECTIONS = 16;
const TENANTS = 50;
const PATTERN = { tenants: TENANTS, connections: CONNECTIONS };
/** In one request, where a receiver takes them together. */
const MOST_RECORDS = 100;
/** Long enough that the ten events of a policy are together, short enough not to be what is measured. */
const SETTLING = { SETTLE_MS: '300', SETTLE_MAX_MS: '3000' };

/** What one measurement brings: processor time of the program alone, and how many events a second were through. */
type Way = (plan: EventPlan, events: number) => Promise<{ readonly cpuPerEvent: number; readonly perSecond: number }>;

/** From the socket to the target's answer, against programs that do as little as can be done. */
export const wholeWay: BenchCase = {
  name: 'whole-way',
  title: 'The whole way of an event, from the socket to the answer of the target',
  rounds: 5,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const app = await BenchApp.start({ surroundings, dataDir: context.folder(), environment: SETTLING });
    context.afterwards(() => app.end());
    const calls = await countCalls(app, surroundings);
    await app.makeKnown(TENANTS);
    const together = await startTogether(context);
    const { skipped, ways } = await waysOf(context, { surroundings, load, app, together: together.app, calls });
    const measurements = await measure(context, ways);
    return {
      conditions: {
        connections: CONNECTIONS,
        tenants: TENANTS,
        'calls of Core for a single event': callsFor([SINGLE_TYPE], calls).core,
        'calls of the target for a single event': callsFor([SINGLE_TYPE], calls).posts,
        'calls of the target for a single event, records together': callsFor([SINGLE_TYPE], together.calls).posts,
        'calls of Core for ten events, one by one': callsFor(BURST_TYPES, calls).core,
        'calls of the target for ten events, one by one': callsFor(BURST_TYPES, calls).posts,
      },
      variants: measurements.variants(),
      skipped,
    };
  },
};

/** The app for tenants whose receiver takes all records of a sync in one request. */
async function startTogether(context: BenchContext) {
  const surroundings = await Surroundings.start();
  context.afterwards(() => surroundings.end());
  await surroundings.setBatchSize(MOST_RECORDS);
  const app = await BenchApp.start({ surroundings, dataDir: context.folder(), environment: SETTLING });
  context.afterwards(() => app.end());
  const calls = await countCalls(app, surroundings);
  await app.makeKnown(TENANTS);
  return { app, calls };
}

interface Parts {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly app: BenchApp;
  readonly together: BenchApp;
  readonly calls: Readonly<Record<string, EventCalls>>;
}

function callsFor(types: readonly string[], calls: Parts['calls']): { readonly core: number; readonly posts: number } {
  const each = types.map((type) => calls[type] ?? { core: [], posts: 0 });
  return {
    core: each.reduce((sum, { core }) => sum + core.length, 0),
    posts: each.reduce((sum, { posts }) => sum + posts, 0),
  };
}

async function waysOf(context: BenchContext, { surroundings, load, app, together, calls }: Parts) {
  const { core, target } = surroundings.ports;
  const addresses = { CORE: `http://127.0.0.1:${core}`, TARGET: `http://127.0.0.1:${target}/records` };
  const scripted = { ...addresses, CALLS: JSON.stringify(calls) };
  const script = await Yardstick.start('bare-script', scripted);
  context.afterwards(() => script.end());
  const keeping = await Yardstick.start('bare-script', { ...scripted, FOLDER: context.folder() });
  context.afterwards(() => keeping.end());
  const forwarder = await Yardstick.start('bare-forwarder', addresses);
  context.afterwards(() => forwarder.end());
  const ways: Record<string, Way> = {
    app: throughApp(app, load),
    'app, records together': throughApp(together, load),
    'bare script': throughServer(script, load),
    'bare script, keeping': throughServer(keeping, load),
    'bare forwarder': throughServer(forwarder, load),
  };
  if (!(await installNodeRed())) {
    return { ways, skipped: [`Node-RED ${NODE_RED_VERSION} could not be installed from the registry.`] };
  }
  const nodeRed = await NodeRed.start(addresses.TARGET, context.folder());
  context.afterwards(() => nodeRed.end());
  return { ways: { ...ways, 'Node-RED': throughServer(nodeRed, load) }, skipped: [] };
}

async function measure(context: BenchContext, ways: Readonly<Record<string, Way>>): Promise<Measurements> {
  const measurements = new Measurements();
  const events = context.quick ? 600 : 2_000;
  // Warm, on both plans: the first thousands run in the interpreter, of the quick programs as of the app.
  for (const plan of ['single', 'burst'] as const) {
    for (const way of Object.values(ways)) await way(plan, events * 2);
  }
  for (let round = 1; round <= context.rounds; round++) {
    for (const plan of ['single', 'burst'] as const) {
      for (const [name, way] of Object.entries(ways)) {
        const { cpuPerEvent, perSecond } = await way(plan, plan === 'single' ? events : events * 2);
        measurements.add(`${name}, ${plan}`, { 'CPU-µs/event': cpuPerEvent, 'events/s': perSecond });
        context.say(
          `round ${round} of ${context.rounds}: ${name}, ${plan}: ${Math.round(cpuPerEvent)} CPU-µs an event`,
        );
      }
    }
  }
  return measurements;
}

/** The yardsticks answer when the target has answered, so the load generator sees the whole way. */
function throughServer(server: WebhookServer, load: LoadGenerator): Way {
  return async (plan, count) => press(server, load, { plan, count, first: 0, ...PATTERN });
}

/**
 * The app answers long before, so its own lines tell when the events are through. Accepting counts; not counted is the
 * time in which all is accepted and everything rests.
 */
function throughApp(app: BenchApp, load: LoadGenerator): Way {
  // Single events and bursts use different policies, so that each is new to the app.
  const firsts = { single: 1_000_000, burst: 0 };
  return async (plan, count) => {
    const [cpuBefore, over] = [app.cpuMicros(), app.log.of('sync.delivered')];
    const startedMs = performance.now();
    const firstMs = app.lines('sync.delivered', over + 1).then(() => performance.now());
    const { answered, next } = await press(app, load, { plan, count, first: firsts[plan], ...PATTERN });
    const acceptedMs = performance.now();
    firsts[plan] = next;
    const restedMs = Math.max(0, (await firstMs) - acceptedMs);
    await app.lines('sync.delivered', over + answered);
    const cpuPerEvent = (app.cpuMicros() - cpuBefore) / answered;
    return { cpuPerEvent, perSecond: (answered * 1_000) / (performance.now() - startedMs - restedMs) };
  };
}
