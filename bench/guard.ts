import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchApp } from './kit/bench-app.ts';
import { createControlGroup } from './kit/control-group.ts';
import { startLoad } from './kit/load/load.ts';
import { PLAN } from './kit/machine.ts';
import { press, type Pressing, type WebhookServer } from './kit/press.ts';
import { median } from './kit/statistics.ts';
import { Surroundings } from './kit/surroundings/surroundings.ts';
import { Yardstick } from './kit/yardstick.ts';

/**
 * By processor time accepting costs three and a half times what the bare server's answer costs, up to four and a half on a
 * machine that is very busy. The target is 0.45 and is not met yet; this holds what there is.
 */
const LEAST_SHARE_OF_BARE_SERVER = 0.16;
/**
 * Processor time does not show a flush too many, the rate does: against a server that keeps events on the same disk. Who
 * else wants the processor takes more from the app, which has more to do, so there is much room.
 */
const LEAST_SHARE_OF_KEEPING_SERVER = 0.12;
/**
 * The plan has 128 MB and the target leaves 18 of them free. What a control group holds beside the private pages of its
 * process (pages of files, buffers of the kernel) is up to 10 MB under load.
 */
const MOST_PRIVATE_MB = 90;
const ROUNDS = 3;
const ROUND_MS = 2_000;
const PATTERN = { plan: 'single', tenants: 100, connections: 50, durationMs: ROUND_MS } as const;
/** Accepting is measured alone; what is due then is worked off while memory is watched. */
const SETTLING = { SETTLE_MS: '15000', SETTLE_MAX_MS: '15000' };

/** A ratio and a size, not a time: whether accept and memory are still what they were. @returns what is not, in sentences */
export async function guard(say: (line: string) => void): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'socotra-sync-guard-'));
  const surroundings = await Surroundings.start();
  const load = startLoad();
  const bare = await Yardstick.start('bare-server');
  const keeping = await Yardstick.start('bare-server', { FOLDER: folder });
  // V8 sizes its heap by the memory it sees, so the app is to see what the plan gives, where that can be arranged.
  const group = createControlGroup({ memoryBytes: PLAN.memoryBytes });
  const app = await BenchApp.start({ surroundings, dataDir: folder, environment: SETTLING, ...(group && { group }) });
  try {
    let first = 0;
    const pressed = async (server: WebhookServer): Promise<Pressing> => {
      const result = await press(server, load, { ...PATTERN, first });
      first = result.next;
      return result;
    };
    for (const server of [app, bare, keeping]) await pressed(server);
    const [rates, costs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const [ours, ceiling, kept] = [await pressed(app), await pressed(bare), await pressed(keeping)];
      rates.push(ours.perSecond / kept.perSecond);
      costs.push(ceiling.cpuPerEvent / ours.cpuPerEvent);
    }
    await app.lines('sync.delivered', 1);
    let privateMb = 0;
    for (let sample = 0; sample < 50; sample++) {
      privateMb = Math.max(privateMb, app.memory().privateKb / 1024);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [rate, cost] = [median(rates), median(costs)];
    say(
      `accept: ${cost.toFixed(2)} of the bare server by processor time, ${rate.toFixed(2)} of the keeping server's rate; ` +
        `memory under load: ${Math.round(privateMb)} MB private`,
    );
    return [
      cost < LEAST_SHARE_OF_BARE_SERVER &&
        `Durable accept has fallen to ${cost.toFixed(2)} of a bare server by processor time; it must not be below ${LEAST_SHARE_OF_BARE_SERVER}.`,
      rate < LEAST_SHARE_OF_KEEPING_SERVER &&
        `Durable accept has fallen to ${rate.toFixed(2)} of the rate of a server that only keeps; it must not be below ${LEAST_SHARE_OF_KEEPING_SERVER}.`,
      privateMb > MOST_PRIVATE_MB &&
        `The app holds ${Math.round(privateMb)} MB of its own under load; it must not be more than ${MOST_PRIVATE_MB}.`,
    ].filter((sentence) => sentence !== false);
  } finally {
    for (const part of [app, bare, keeping, load, surroundings]) await part.end();
    await group?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
