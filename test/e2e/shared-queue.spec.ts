import { readFileSync } from 'node:fs';
import { describeWithOwnPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { bodyOf, closeServer, listen, type RunningApp, startApp } from '../support/running-app.js';

const EVENT = JSON.parse(
  readFileSync(new URL('../fixtures/events/policyholder.create.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const POLICYHOLDER = readFileSync(new URL('../fixtures/core/policyholder.json', import.meta.url), 'utf8');

/** Two apps on one database, in this process; a CRM that answers as the test says. */
describeWithOwnPostgres('two apps on one database', () => {
  let server: PostgresServer;
  let apps: readonly RunningApp[];
  let crmStatus = 200;
  let crmRequests = 0;
  let outside: Awaited<ReturnType<typeof listen>>[];

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    crmStatus = 200;
    crmRequests = 0;
    const crm = await listen((request, response) => {
      void bodyOf(request).then(() => {
        crmRequests++;
        response.writeHead(crmStatus, { 'retry-after': '3600' }).end();
      });
    });
    const core = await listen((request, response) => {
      const isKnown = request.url?.startsWith('/policyholder/') && !request.url.endsWith('/invoices');
      response.writeHead(isKnown ? 200 : 404).end(isKnown ? POLICYHOLDER : '{}');
    });
    outside = [crm, core];
    const DATABASE_URL = await server.createDatabase();
    apps = await Promise.all([0, 1].map(() => startApp({ DATABASE_URL }, undefined, 1)));
    const settings = { target: 'rest', 'api-url': `${crm.url}/records`, 'api-token': 'crm-token' };
    const body = { settings, socotraApiUrl: core.url, token: 'core-token', tenantHostName: 'tenant.example' };
    for (const app of apps) app.states.set('key', { status: 200, body });
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await Promise.all(outside.map((one) => closeServer(one.server)));
  });

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  const ring = (app: RunningApp | undefined, id: string, policyholderLocator = 'ph-1') =>
    fetch(`${app?.url}/webhook-notify`, {
      method: 'POST',
      body: JSON.stringify({ ...EVENT, id, data: { policyholderLocator } }),
      headers: { 'content-type': 'application/json', 'x-smp-key': 'key' },
    });

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (const startedMs = performance.now(); !(await isSo()); await sleep(20)) {
      if (performance.now() - startedMs > 60_000) throw new Error('it never came');
    }
  }

  const countOf = (event: string) => apps.flatMap(({ lines }) => lines.filter((line) => line.event === event)).length;

  it('pause a tenant once for both, and resume it for both at Start', async () => {
    crmStatus = 401;
    for (let round = 0; round < 10; round++) await ring(apps[round % 2], `e${round}`, `ph-${round}`);
    await until(() => countOf('tenant.paused') > 0);
    await sleep(1_500);
    const asked = crmRequests;
    for (let round = 10; round < 14; round++) await ring(apps[round % 2], `e${round}`, `ph-${round}`);
    await sleep(1_500);
    expect([countOf('tenant.paused'), crmRequests]).toEqual([1, asked]);
    crmStatus = 200;
    const start = await fetch(`${apps[1]?.url}/_app/start?route=https%3A%2F%2Fapp.example`, {
      headers: { 'x-smp-key': 'key' },
    });
    expect(start.status).toBe(200);
    await until(async () => (await apps[0]?.queue.backlog())?.waitingEvents === 0);
    expect(countOf('tenant.resumed')).toBe(1);
    expect(countOf('sync.delivered')).toBe(14);
  });

  it('give a throttled target its rest, whoever found out', async () => {
    await ring(apps[1], 'e0', 'ph-0');
    await until(() => countOf('sync.delivered') === 1);
    crmStatus = 429;
    await ring(apps[0], 'e1');
    await until(() => crmRequests > 1);
    await sleep(500);
    const asked = crmRequests;
    for (let round = 2; round < 8; round++) await ring(apps[round % 2], `e${round}`, `ph-${round}`);
    await sleep(1_500);
    expect(crmRequests).toBe(asked);
  });

  it('refuse events while the database is away, say so at /health, and go on when it is back', async () => {
    expect((await ring(apps[0], 'e1')).status).toBe(200);
    await until(() => countOf('sync.delivered') === 1);
    await server.stop('immediate');
    const refused = await ring(apps[0], 'e2', 'ph-2');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect(await refused.json()).toMatchObject({ error: { code: 'queue_unavailable' } });
    expect((await fetch(`${apps[0]?.url}/health`)).status).toBe(503);
    await sleep(2_500);
    // Once until it works again, not with each of the many attempts.
    expect(countOf('app.failed')).toBeLessThanOrEqual(apps.length);
    await server.start();
    await until(async () => (await fetch(`${apps[0]?.url}/health`)).status === 200);
    await until(async () => (await ring(apps[0], 'e2', 'ph-2')).status === 200);
    await until(() => countOf('sync.delivered') === 2);
  });
});
