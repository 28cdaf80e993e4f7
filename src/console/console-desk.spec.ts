import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteQueue } from '../queue/sqlite/sqlite-queue.js';
import { parseTenantState } from '../state/tenant-state.js';
import { Tenants } from '../state/tenants.js';
import { ConsoleDesk, type DeskDependencies } from './console-desk.js';

const RESTS = { settleMs: 3_600_000, settleMaxMs: 3_600_000 };
const SETTINGS = { target: 'rest', 'api-url': 'https://crm.test/in', 'api-token': 'hunter2-token' };

const notAsked = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(`${String(name)} is not asked`)) });

const state = parseTenantState(
  { settings: SETTINGS, tenantHostName: 'tenant.test', socotraApiUrl: 'https://core.test', token: 't' },
  'key',
);
if (state === undefined) throw new Error('There is no state.');

it('shows what has come a moment ago for this tenant, and does not wait for what has come for others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const queue = SqliteQueue.open(folder, RESTS);
  const append = (tenant: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, place) => {
        const now = Date.now();
        const event = { type: 'policy.issue', root: 'policy:1', occurredAtMs: now, receivedAtMs: now, payload: '{}' };
        return queue.append({ ...event, tenant, id: `e${place}` });
      }),
    );
  await append('stranger', 3_000);
  await append(state.tenant, 10);
  const unasked = { targets: notAsked, reader: notAsked, logger: notAsked } as unknown as DeskDependencies;
  const desk = new ConsoleDesk({ ...unasked, place: { dataDir: folder }, queue, tenants: new Tenants() });
  // An event gets its number when it is filed: what others have got has not been filed before.
  const events = Array.from({ length: 10 }, (_, place) => ({ eventId: `e${9 - place}`, number: 10 - place }));
  expect(await desk.status(state)).toMatchObject({ waiting: '10', events });
  await desk.close();
  await queue.close();
  rmSync(folder, { recursive: true });
});

it('says of a policy that is looked up while the tenant is stopped that it is, and asks nobody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const queue = SqliteQueue.open(folder, RESTS);
  const dependencies = { targets: notAsked, reader: notAsked, logger: { write: () => undefined } };
  const place = { dataDir: folder };
  const desk = new ConsoleDesk({
    ...(dependencies as unknown as DeskDependencies),
    place,
    queue,
    tenants: new Tenants(),
  });
  const problem = expect.stringContaining('The app was stopped for this tenant') as unknown;
  expect(await desk.policy(state, '{"locator":"1"}')).toEqual({ locator: '1', events: [], problem });
  await desk.close();
  await queue.close();
  rmSync(folder, { recursive: true });
});
