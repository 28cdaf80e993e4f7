import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, closeServer, listen, type RunningApp, startApp } from '../support/running-app.js';

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');

/** A CRM that answers with one status, and remembers what came. */
async function startCrm() {
  const bodies: string[] = [];
  const crm = { status: 200, bodies, delayMs: 0 };
  const { server, url } = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      bodies.push(body);
      setTimeout(
        () => response.writeHead(crm.status, crm.status === 429 ? { 'retry-after': '1' } : {}).end(),
        crm.delayMs,
      );
    });
  });
  return {
    ...crm,
    url: `${url}/records`,
    close: () => closeServer(server),
    answerWith: (status: number) => void (crm.status = status),
  };
}

/** A Core that knows one policyholder. */
async function startCore() {
  const { server, url } = await listen((request, response) => {
    const isKnown = request.url?.startsWith('/policyholder/') && !request.url.endsWith('/invoices');
    const isAllowed = request.headers.authorization === 'Bearer core-token';
    response
      .writeHead(isAllowed ? (isKnown ? 200 : 404) : 401)
      .end(isAllowed && isKnown ? fixture('core/policyholder.json') : '{}');
  });
  return { url, close: () => closeServer(server) };
}

let app: RunningApp;
let crm: Awaited<ReturnType<typeof startCrm>>;
let core: Awaited<ReturnType<typeof startCore>>;

beforeEach(async () => {
  [app, crm, core] = await Promise.all([startApp({ STATE_TTL_MS: '0' }), startCrm(), startCore()]);
});

afterEach(() => Promise.all([app.close(), crm.close(), core.close()]));

function settle(settings: Record<string, string>, overrides: Record<string, unknown> = {}): void {
  app.states.set('key', {
    status: 200,
    body: { settings, socotraApiUrl: core.url, token: 'core-token', tenantHostName: 'tenant.example', ...overrides },
  });
}

const usable = () => ({ target: 'rest', 'api-url': crm.url, 'api-token': 'crm-token' });

async function call(path: string, key = 'key'): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${app.url}/_app/${path}?route=https%3A%2F%2Fapp.example`, {
    headers: { 'x-smp-key': key },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function ring(): Promise<void> {
  const response = await fetch(`${app.url}/webhook-notify`, {
    method: 'POST',
    body: fixture('events/policyholder.create.json'),
    headers: { 'content-type': 'application/json', 'x-smp-key': 'key' },
  });
  expect(response.status).toBe(200);
}

describe('Start', () => {
  it('succeeds when settings are usable and the target answers, however often it is called', async () => {
    settle(usable());
    expect(await call('start')).toEqual({ status: 200, body: { status: 'started', warnings: [] } });
    expect((await call('start')).status).toBe(200);
    expect(JSON.parse(crm.bodies[0] ?? '')).toMatchObject({ specVersion: '1', type: 'ping' });
    expect(await app.lineOf('tenant.started')).toMatchObject({ target: 'rest', profile: 'all' });
  });

  it.each<[string, () => Record<string, string>, Record<string, unknown>, number, RegExp]>([
    ['no target', () => ({}), {}, 422, /Choose a target system/],
    [
      'a target to come',
      () => ({ target: 'netsuite' }),
      {},
      422,
      /Oracle NetSuite is not available yet; choose one of: HubSpot, Salesforce, Odoo, Any REST API/,
    ],
    [
      'several mistakes at once',
      () => ({ target: 'rest', profile: 'x' }),
      {},
      422,
      /"What to sync" must be .*"Address" is missing|"Address" is missing.*"What to sync" must be/,
    ],
    ['no token', () => ({ target: 'rest', 'api-url': crm.url }), {}, 422, /"Token" is missing/],
    ['Core not connected', usable, { token: undefined }, 422, /connect the tenant again/],
    ['a private address', () => ({ ...usable(), 'api-url': 'https://10.0.0.1/x' }), {}, 422, /private network/],
    ['plain http', () => ({ ...usable(), 'api-url': 'http://93.184.215.14/x' }), {}, 422, /must begin with https/],
  ])('is refused in words: %s', async (_name, settings, overrides, status, words) => {
    settle(settings(), overrides);
    const answer = await call('start');
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(words) } } });
    expect(JSON.stringify(answer.body)).not.toContain('crm-token');
    expect(await app.lineOf('tenant.start_refused')).toBeDefined();
  });

  it.each([
    [401, 422, /refuses the credentials/],
    [404, 422, /nothing at the address/],
    [301, 422, /redirect/],
    [410, 422, /closed for good/],
    [500, 502, /answers with the status 50/],
  ])('says what a target means by %i', async (targetStatus, status, words) => {
    settle(usable());
    crm.answerWith(targetStatus);
    expect(await call('start')).toMatchObject({ status, body: { error: { message: expect.stringMatching(words) } } });
  });

  it('succeeds with a warning when the target is down and the check is lenient', async () => {
    settle({ ...usable(), 'start-check': 'lenient' });
    crm.answerWith(500);
    expect(await call('start')).toMatchObject({
      status: 200,
      body: { warnings: [expect.stringMatching(/answers with the status 50/)] },
    });
  });

  it('needs a key that the State API knows', async () => {
    expect((await call('start', 'stranger')).status).toBe(401);
    expect((await call('start', '')).status).toBe(401);
  });
});

describe('Stop', () => {
  it('delivers what waits, then forgets the tenant; twice is no mistake', async () => {
    settle(usable());
    await app.close();
    app = await startApp({ SETTLE_MS: '1000', SETTLE_MAX_MS: '1000' });
    settle(usable());
    await ring();
    expect(await call('stop')).toEqual({ status: 200, body: { delivered: 1, left: 0 } });
    expect(crm.bodies.map((body) => (JSON.parse(body) as { records: { kind: string }[] }).records[0]?.kind)).toEqual([
      'party',
      'activity',
    ]);
    expect(await call('stop')).toEqual({ status: 200, body: { delivered: 0, left: 0 } });
    expect(await app.lineOf('tenant.stopped')).toMatchObject({ delivered: 1, left: 0 });
  });

  it('waits for a target that asks for a short rest', async () => {
    await app.close();
    app = await startApp({ SETTLE_MS: '1000', SETTLE_MAX_MS: '1000' });
    settle(usable());
    crm.answerWith(429);
    await ring();
    const stopping = call('stop');
    while (crm.bodies.length === 0) await sleep(20);
    crm.answerWith(200);
    expect((await stopping).body).toEqual({ delivered: 1, left: 0 });
  });

  it('leaves what cannot be delivered in the queue', async () => {
    await app.close();
    app = await startApp({ RETRY_SCHEDULE_MS: '200000' });
    settle(usable());
    crm.answerWith(500);
    await ring();
    expect((await call('stop')).body).toEqual({ delivered: 0, left: 1 });
  });
});

describe('a target that refuses the credentials', () => {
  it('pauses the tenant once, keeps its events, and goes on after Start', async () => {
    settle(usable());
    crm.answerWith(401);
    await ring();
    expect(await app.lineOf('tenant.paused')).toMatchObject({ code: 'target_unauthorized' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(crm.bodies).toHaveLength(1);
    expect((await app.queue.backlog()).waitingEvents).toBe(1);
    crm.answerWith(200);
    expect((await call('start')).status).toBe(200);
    expect(await app.lineOf('sync.delivered')).toMatchObject({ eventType: 'policyholder.create', attempt: 1 });
    expect(await app.lineOf('tenant.resumed')).toBeDefined();
    expect(app.lines.filter((line) => line.event === 'tenant.paused')).toHaveLength(1);
  });
});

describe('a target that fails', () => {
  it('is tried again after the schedule; then the event is a dead letter', async () => {
    settle(usable());
    crm.answerWith(500);
    await ring();
    expect(await app.lineOf('sync.dead_lettered')).toMatchObject({ code: 'status_500', attempt: 4, maxAttempts: 4 });
    expect(app.lines.filter((line) => line.event === 'sync.retry_scheduled').map((line) => line.attempt)).toEqual([
      1, 2, 3,
    ]);
    // One record, four tries, one delivery id; the timeline line waits for the policyholder that it stands on.
    const deliveryIds = new Set(crm.bodies.map((body) => (JSON.parse(body) as { deliveryId: string }).deliveryId));
    expect([crm.bodies.length, deliveryIds.size]).toEqual([4, 1]);
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 0, deadLetters: 1 });
  });
});

describe('a Core that refuses the token', () => {
  it('is asked again with the token of a fresh state', async () => {
    settle(usable(), { token: 'old-token' });
    await app.close();
    app = await startApp();
    settle(usable(), { token: 'old-token' });
    expect((await call('start')).status).toBe(200);
    settle(usable());
    await ring();
    expect(await app.lineOf('sync.delivered')).toMatchObject({ attempt: 1 });
  });

  it('is what Start warns of', async () => {
    settle(usable(), { token: 'wrong' });
    expect(await call('start')).toEqual({
      status: 200,
      body: { status: 'started', warnings: [expect.stringContaining('connect the tenant again')] },
    });
  });

  it('pauses the tenant when a fresh state does not help', async () => {
    settle(usable(), { token: 'wrong' });
    await ring();
    expect(await app.lineOf('tenant.paused')).toMatchObject({ code: 'core_unauthorized' });
    expect((await app.queue.backlog()).waitingEvents).toBe(1);
  });
});
