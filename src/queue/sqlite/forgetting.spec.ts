import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteQueue } from './sqlite-queue.js';

const TENANT = 'tenant-a';
const EVENTS = 400;
const AFTER_ALL = { payloadsBeforeMs: 10_000, eventsBeforeMs: 0 };

let folder: string;
let queue: SqliteQueue;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forgetting-'));
  queue = SqliteQueue.open(folder, { settleMs: 0, settleMaxMs: 0 });
});
afterEach(async () => {
  await queue.close();
  rmSync(folder, { recursive: true });
});

const markOf = (event: number) => `canary-${String(event).padStart(4, '0')}-payload`;
/** Long ones have pages of their own, short ones share a page. */
const payloadOf = (event: number) => markOf(event) + 'x'.repeat(event % 10 === 0 ? 9_000 : 50);

/** The events whose payload can be read in the bytes of the file or its log. */
function readable(): number[] {
  const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  return Array.from({ length: EVENTS }, (_, event) => event).filter((event) =>
    bytes.some((text) => text.includes(markOf(event))),
  );
}

/** All events are delivered, but for those that still wait. */
async function deliverAllBut(waiting: readonly number[]): Promise<void> {
  for (let event = 0; event < EVENTS; event++) {
    const [id, payload] = [`e-${event}`, payloadOf(event)];
    const times = { occurredAtMs: 1, receivedAtMs: 1 };
    await queue.append({ tenant: TENANT, id, type: 'policy.issue', root: `policy:${event}`, ...times, payload });
  }
  for (;;) {
    const { claims } = await queue.claim({ tenants: [TENANT], limit: 1, nowMs: 5_000, leaseMs: 60_000 });
    const [claim] = claims;
    if (claim === undefined) return;
    const waits = claim.events.some(({ id }) => waiting.includes(Number(id.slice(2))));
    const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
    const retried = claim.events.map(({ sequence }) => ({ sequence, tries: 1, retryAtMs: 1e12, code: 'later' }));
    const outcome = waits ? { ended: [], retried } : { ended, retried: [] };
    await queue.settle(claim, { nowMs: 5_000, records: [], places: [], ...outcome });
  }
}

async function sweepAll(): Promise<void> {
  while (await queue.sweep(AFTER_ALL));
}

it('a payload whose time is over can be read nowhere in the file, nor in its log', async () => {
  await deliverAllBut([7, 10]);
  expect(readable()).toHaveLength(EVENTS);
  await sweepAll();
  expect(readable()).toEqual([7, 10]);
});

it('somebody who reads holds nothing up; what they kept is gone with the next round', async () => {
  await deliverAllBut([]);
  const reader = new DatabaseSync(join(folder, 'queue.sqlite'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM events').get();
  const startedMs = performance.now();
  await sweepAll();
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  expect(readable().length).toBeGreaterThan(0);
  reader.close();
  await sweepAll();
  expect(readable()).toEqual([]);
});

it('its files are for this user alone', async () => {
  await deliverAllBut([]);
  const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
  expect(modes.map(([name]) => name)).toEqual(
    expect.arrayContaining(['queue.lock', 'queue.sqlite', 'queue.sqlite-wal']),
  );
  expect(new Set(modes.map(([, mode]) => mode))).toEqual(new Set(['600']));
});
