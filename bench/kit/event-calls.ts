import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchApp } from './bench-app.ts';
import { BURST_TYPES, EventMaker } from './events.ts';
import type { Surroundings } from './surroundings/surroundings.ts';

/** The HTTP calls that one event costs. */
export interface EventCalls {
  /** Paths of Core with `:locator`, in the order in which they are read. */
  readonly core: readonly string[];
  /** Records sent to the target. */
  readonly posts: number;
}

const WITHIN_MS = 15_000;
/** Far from the policies of any measurement. */
const FIRST_POLICY = 700_000_000;

/** Counts at the stand-ins what the app does for one event of each type, each on a policy that is new to it. */
export async function countCalls(
  app: BenchApp,
  surroundings: Surroundings,
): Promise<Readonly<Record<string, EventCalls>>> {
  await app.makeKnown(1);
  // What a tenant costs once (its state, its event stream) is over before the first event is counted.
  await quiet(surroundings);
  const calls: Record<string, EventCalls> = {};
  for (const [place, type] of BURST_TYPES.entries()) {
    await surroundings.reset();
    const over = app.log.of('sync.delivered') + 1;
    const { body } = new EventMaker([type]).at(FIRST_POLICY + place);
    const answer = await fetch(`http://127.0.0.1:${app.port}/webhook-notify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-smp-key': 'key-0' },
      body,
    });
    if (!answer.ok) throw new Error(`The app answered ${answer.status} to ${type}.`);
    await app.lines('sync.delivered', over, WITHIN_MS);
    const { target, corePaths } = await surroundings.counts();
    const core = Object.entries(corePaths).flatMap(([path, times]) => Array.from({ length: times }, () => path));
    calls[type] = { core, posts: target };
  }
  return calls;
}

/** Waits until the stand-ins were not asked for a while. */
async function quiet(surroundings: Surroundings): Promise<void> {
  for (let before = -1; ;) {
    const { core, target, state } = await surroundings.counts();
    if (core + target + state === before) return;
    before = core + target + state;
    await sleep(300);
  }
}
