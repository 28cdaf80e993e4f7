import { randomUUID } from 'node:crypto';
import {
  type Answer,
  connectTenant,
  type FakeCore,
  jsonAnswer,
  ring,
  startCore,
  startCrm,
} from '../support/core-and-crm.ts';
import { fixture } from '../support/fixtures.ts';
import { describeOnOneProcess } from '../support/replicas.ts';
import { closeServer, type Line, listen, type RunningApp, type Smaller, startApp } from '../support/running-app.js';

/**
 * Anybody who knows the app's address can ring for a tenant, and nothing in a webhook proves that it is Core's. A flood
 * of forged events must cost its own tenant little, the store and Core no more than a bound, and other tenants nothing.
 */

const POLICYHOLDER = fixture('core/policyholder.json') as { readonly locator: string };
const PATH = `/policyholder/${POLICYHOLDER.locator}`;

let app: RunningApp;
let core: FakeCore;
/** What Core's event stream has. */
let stream: object[];
let crm: Awaited<ReturnType<typeof startCrm>>;

async function start(environment: Readonly<Record<string, string>> = {}, smaller?: Smaller): Promise<void> {
  app = await startApp(environment, smaller);
  stream = [];
  const page: Answer = (response) =>
    jsonAnswer({ events: stream.splice(0), pagingToken: `token-${performance.now()}` })(response);
  core = await startCore(
    new Map<string, Answer>([[PATH, jsonAnswer(POLICYHOLDER)]]),
    new Map([['/eventstream/', page]]),
  );
  crm = await startCrm();
  for (const key of ['flooded', 'quiet']) connectTenant(app, { key, coreUrl: core.url, crmUrl: crm.url });
}

afterEach(async () => {
  await app.close();
  await Promise.all([core.close(), crm.close()]);
});

const forge = (key: string, data: Readonly<Record<string, string>> = { policyLocator: randomUUID() }) =>
  ring(app, key, { id: randomUUID(), type: 'policy.update', data, atMs: Date.now() });

const real = (key: string) =>
  ring(app, key, {
    id: randomUUID(),
    type: 'policyholder.update',
    data: { policyholderLocator: POLICYHOLDER.locator },
    atMs: Date.now(),
  });

/** Rings in the background, eight at a time, until the result is called. */
function flood(key: string): () => Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let isOver = false;
  const ringers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const response = await forge(key);
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(ringers);
    return statuses;
  };
}

async function deliveredMs(key: string): Promise<number> {
  const startedMs = performance.now();
  const before = app.lines.filter(({ event }) => event === 'sync.delivered').length;
  expect((await real(key)).status).toBe(200);
  await app.lineOf('sync.delivered', before + 1);
  return performance.now() - startedMs;
}

async function lineWith(isIt: (line: Line) => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    if (app.lines.some(isIt)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the line never came');
}

const callsTo = (path: string) => core.calls.filter((call) => call.path.startsWith(path)).length;

describeOnOneProcess('the allowances are those of one process', 'a flood of forged events for one tenant', () => {
  it('is refused beyond its allowance with a time to come back, and another tenant is not', async () => {
    await start({}, { moment: { burst: 20, perSecond: 5 } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => forge('flooded')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(25);
    expect(refused.every((response) => response.headers.get('retry-after') === '1')).toBe(true);
    expect(await refused[0]?.json()).toMatchObject({ error: { code: 'too_many_events' } });
    expect((await real('quiet')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await forge('flooded')).status).toBe(200);
  });

  it('delays no other tenant', async () => {
    await start();
    const alone = await deliveredMs('quiet');
    const stop = flood('flooded');
    await app.lineOf('webhook.accepted', 300);
    const amid: number[] = [];
    for (let time = 0; time < 5; time++) amid.push(await deliveredMs('quiet'));
    const statuses = await stop();
    expect(statuses.get(200) ?? 0).toBeGreaterThan(300);
    // The machine is shared with the flood itself: a second is far from what the flooded tenant waits.
    expect(Math.max(...amid)).toBeLessThan(alone + 3_000);
  });

  it('fills no more of the store than one tenant may have; what was refused and real comes from the event stream', async () => {
    await start({ SETTLE_MS: '600000', SETTLE_MAX_MS: '600000', CATCH_UP_INTERVAL_MS: '1000' }, { unsettled: 100 });
    const answers = [];
    for (let event = 0; event < 130; event++) answers.push(await forge('flooded'));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(30);
    expect(refused[0]?.headers.get('retry-after')).toBe('60');
    expect(await refused[0]?.json()).toMatchObject({ error: { code: 'tenant_full' } });
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 100, deadLetters: 0 });
    expect((await real('quiet')).status).toBe(200);
    // A real one is refused as well: it has rung, and Core's stream has it.
    const lost = { id: 'real-1', type: 'policyholder.update', timestamp: String(Date.now()) };
    const data = { policyholderLocator: POLICYHOLDER.locator };
    expect((await ring(app, 'flooded', { ...lost, data, atMs: Date.now() })).status).toBe(429);
    stream.push({ ...lost, data });
    await lineWith(({ event, gaps }) => event === 'catchup.completed' && gaps === 1);
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 102, deadLetters: 0 });
  });

  it('is asked of Core four at a time, three times an event, and skipped', async () => {
    await start();
    let open = 0;
    let most = 0;
    const slowly: Answer = (response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(404).end('{}');
      }, 20);
    };
    const locators = Array.from({ length: 40 }, () => randomUUID());
    for (const locator of locators) core.answers.set(`/policy/${locator}`, slowly);
    await Promise.all(locators.map((policyLocator) => forge('flooded', { policyLocator })));
    await app.lineOf('sync.skipped', locators.length);
    expect(most).toBeLessThanOrEqual(4);
    expect(callsTo('/policy/')).toBe(3 * locators.length);
    expect(crm.records).toEqual([]);
  });

  it('of one policy costs Core one read for all of them', async () => {
    await start({ SETTLE_MS: '300', SETTLE_MAX_MS: '3000' });
    const policyLocator = randomUUID();
    await Promise.all(Array.from({ length: 100 }, () => forge('flooded', { policyLocator })));
    await app.lineOf('sync.skipped', 100);
    expect(callsTo(`/policy/${policyLocator}`)).toBeLessThanOrEqual(9);
  });

  it('of items that nobody has seen costs Core nothing, and its dead letters are counted', async () => {
    await start({}, { unsettled: 10 });
    const forgeItem = () =>
      ring(app, 'flooded', {
        id: randomUUID(),
        type: 'subClaim.update',
        data: { subClaimLocator: randomUUID() },
        atMs: 1,
      });
    await Promise.all(Array.from({ length: 10 }, forgeItem));
    await app.lineOf('sync.dead_lettered', 10);
    expect(callsTo('/claim')).toBe(0);
    expect((await forgeItem()).status).toBe(429);
  });
});

describeOnOneProcess('each process answers by itself', 'Start and Stop, which anybody can call', () => {
  const call = (name: string) => fetch(`${app.url}/_app/${name}?route=x`, { headers: { 'x-smp-key': 'flooded' } });

  it('answer the same however often they are called, and are done a few times', async () => {
    await start();
    for (const name of ['start', 'stop']) {
      const linesBefore = app.lines.length;
      const answers = await Promise.all(Array.from({ length: 40 }, () => call(name)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const done = app.lines.slice(linesBefore).filter(({ event }) => /^tenant\.(started|stopped)$/.test(event));
      expect(done.length).toBeLessThan(10);
    }
  });

  it('Stop burns no tries: an event that waits for its target still waits after six', async () => {
    await start({ RETRY_SCHEDULE_MS: '600000,600000,600000,600000' });
    const failing = await listen((_request, response) => void response.writeHead(500).end());
    connectTenant(app, { key: 'flooded', coreUrl: core.url, crmUrl: failing.url });
    await real('flooded');
    await app.lineOf('sync.retry_scheduled');
    const answers = [];
    for (let time = 0; time < 6; time++) answers.push((await call('stop')).status);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 1, deadLetters: 0 });
    expect(app.lines.filter(({ event }) => event === 'sync.retry_scheduled').length).toBeLessThanOrEqual(3);
    await closeServer(failing.server);
  });
});
