import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWithPostgres } from '../support/postgres-server.ts';
import { describeOnOneProcess, REPLICAS, sharedServer } from '../support/replicas.ts';
import { bodyOf, closeServer, listen, type RunningApp, startApp } from '../support/running-app.js';

const OPS = fileURLToPath(new URL('../../dist/ops.js', import.meta.url));
const EVENT = JSON.parse(
  readFileSync(new URL('../fixtures/events/policyholder.create.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const POLICYHOLDER = readFileSync(new URL('../fixtures/core/policyholder.json', import.meta.url), 'utf8');
const { locator: LOCATOR } = JSON.parse(POLICYHOLDER) as { readonly locator: string };
/** What must be on no screen: the fixture's name, and all that is secret. */
const PRIVATE = /Lee|alice|core-token|crm-token|tenant\.example|hunter2/i;

/** The built commands in processes of their own, beside an app that is at work on the same queue. */
function describeOperators(store: string, place: () => Promise<Readonly<Record<string, string>>>): void {
  describe(`operators beside a running app, ${store}`, () => {
    let app: RunningApp;
    let environment: Readonly<Record<string, string>>;
    let outside: Awaited<ReturnType<typeof listen>>[];
    let crmStatus: number;
    let crmRequests: number;

    beforeEach(async () => {
      crmStatus = 200;
      crmRequests = 0;
      const crm = await listen((request, response) => {
        void bodyOf(request).then(() => {
          crmRequests++;
          response.writeHead(crmStatus).end();
        });
      });
      const core = await listen((request, response) => {
        const isKnown = request.url?.startsWith('/policyholder/') && !request.url.endsWith('/invoices');
        response.writeHead(isKnown ? 200 : 404).end(isKnown ? POLICYHOLDER : '{}');
      });
      outside = [crm, core];
      environment = await place();
      app = await startApp({ ...environment });
      const settings = { target: 'rest', 'api-url': `${crm.url}/records`, 'api-token': 'crm-token' };
      const body = { settings, socotraApiUrl: core.url, token: 'core-token', tenantHostName: 'tenant.example' };
      app.states.set('key', { status: 200, body });
    });
    afterEach(async () => {
      await app.close();
      await Promise.all(outside.map((one) => closeServer(one.server)));
    });

    const ring = (id: string, policyholderLocator: string) =>
      fetch(`${app.url}/webhook-notify`, {
        method: 'POST',
        body: JSON.stringify({ ...EVENT, id, data: { policyholderLocator } }),
        headers: { 'content-type': 'application/json', 'x-smp-key': 'key' },
      });

    function ops(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
      return new Promise((resolve) => {
        const child = execFile(process.execPath, [OPS, ...args], { env: environment }, (_error, out, err) => {
          expect(out + err).not.toMatch(PRIVATE);
          resolve({ code: child.exitCode ?? -1, out, err });
        });
      });
    }

    async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
      return JSON.parse((await ops(...args, '--json')).out) as Record<string, unknown>;
    }

    const eventsIn = (way: unknown) =>
      (way as { roots: { events: Record<string, unknown>[] }[] }).roots.flatMap(({ events }) => events);

    it('find a dead letter, have it tried again when the cause is mended, and see that it arrived', async () => {
      crmStatus = 422;
      await ring('e-1', LOCATOR);
      await app.lineOf('sync.dead_lettered');
      expect(await json('dead-letters', '--reason', 'status_422')).toMatchObject({
        total: 1,
        events: [{ eventId: 'e-1', state: 'dead', root: `policyholder:${LOCATOR}`, replayable: true }],
      });
      expect(await json('dead-letters', '--reason', 'status_400')).toMatchObject({ total: 0 });
      crmStatus = 200;
      const requests = crmRequests;
      expect(await json('replay', 'e-1')).toMatchObject({ matched: 1, changed: 0, dryRun: true });
      expect(crmRequests).toBe(requests);
      expect(await json('replay', 'e-1', '--yes')).toMatchObject({ matched: 1, changed: 1, dryRun: false });
      await app.lineOf('sync.delivered');
      expect(crmRequests).toBeGreaterThan(requests);
      const way = await json('where', LOCATOR);
      expect(eventsIn(way)).toMatchObject([{ eventId: 'e-1', state: 'delivered' }]);
      expect(way).toMatchObject({ records: [{ recordKey: `p-pty-${LOCATOR}`, confirmed: true }] });
      expect(await json('replay', 'e-1', '--yes')).toMatchObject({ matched: 0, changed: 0 });
      expect((await ops('replay', 'e-1', '--yes')).code).toBe(3);
    });

    it('stop a tenant, whose events are kept, and let it go on', async () => {
      await ring('e-1', 'ph-1');
      await app.lineOf('sync.delivered');
      const { tenants } = (await json('status')) as { tenants: { tenant: string }[] };
      const tenant = tenants[0]?.tenant ?? '';
      expect((await ops('pause', tenant)).out).toContain('is paused');
      const byOperator = { tenant, code: 'paused_by_operator' };
      expect(await app.lineOf('tenant.paused', REPLICAS)).toMatchObject(byOperator);
      const start = await fetch(`${app.url}/_app/start?route=https%3A%2F%2Fapp.example`, {
        headers: { 'x-smp-key': 'key' },
      });
      const warnings = expect.arrayContaining([expect.stringContaining('The operator has paused the app')]);
      expect(await start.json()).toMatchObject({ status: 'started', warnings });
      await ring('e-2', 'ph-2');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await json('status')).toMatchObject({
        running: REPLICAS,
        tenants: [{ tenant, waiting: 1, paused: ['paused_by_operator'] }],
      });
      expect((await ops('where', 'e-2')).out).toContain('Waits, because the tenant is paused (paused_by_operator)');
      expect((await ops('resume', tenant)).code).toBe(0);
      await app.lineOf('sync.delivered', 2);
      expect(await app.lineOf('tenant.resumed', REPLICAS)).toMatchObject(byOperator);
      const told = app.lines.filter(({ event }) => event === 'tenant.paused' || event === 'tenant.resumed');
      expect(told).toHaveLength(2 * REPLICAS);
      expect(await json('status')).toMatchObject({ tenants: [{ tenant, waiting: 0, paused: [] }] });
    });

    it('resume what the app paused by itself: it is tried at once', async () => {
      crmStatus = 401;
      await ring('e-1', 'ph-1');
      const { tenant } = await app.lineOf('tenant.paused');
      crmStatus = 200;
      // The pause is shown with its reason in words.
      expect((await ops('status')).out).toMatch(/target_unauthorized +The target refuses the credentials/);
      expect((await ops('resume', String(tenant))).out).toContain('goes on');
      await app.lineOf('tenant.resumed');
      await app.lineOf('sync.delivered');
    });

    it('hold up no webhook while many dead letters are given up', async () => {
      crmStatus = 422;
      await Promise.all(Array.from({ length: 300 }, (_, index) => ring(`e-${index}`, `ph-${index}`)));
      await app.lineOf('sync.dead_lettered', 300);
      crmStatus = 200;
      let slowestMs = 0;
      let isOver = false;
      const purging = ops('purge', '--all', '--yes', '--rate', '300').finally(() => (isOver = true));
      for (let index = 0; !isOver; index++) {
        const startedMs = performance.now();
        expect((await ring(`late-${index}`, 'ph-late')).status).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect((await purging).out).toContain('300 purged.');
      expect(slowestMs).toBeLessThan(1_000);
      // Core rings again for something given up: its id is still known.
      expect(await (await ring('e-7', 'ph-7')).json()).toMatchObject({ status: 'duplicate' });
    });
  });
}

describeOnOneProcess('the embedded queue is the file of one process', 'with the embedded queue', () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describeOperators('SQLite', async () => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
    return { DATA_DIR: folder };
  });
});

describeWithPostgres('with the shared queue', () => {
  describeOperators('PostgreSQL', async () => ({ DATABASE_URL: await (await sharedServer()).createDatabase() }));
});
