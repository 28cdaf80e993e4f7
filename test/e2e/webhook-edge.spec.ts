import { readdirSync, readFileSync } from 'node:fs';
import { type RunningApp, startApp } from '../support/running-app.js';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const fixture = (path: string) => readFileSync(new URL(path, FIXTURES), 'utf8');

/** A tenant whose target nobody needs here: nothing is synced, because Core is not connected. */
const STATE = {
  settings: { target: 'rest', 'api-url': 'https://crm.example', auth: 'none' },
  tenantHostName: 'tenant-a.example',
};
const ENVELOPE = JSON.parse(fixture('events/policy.issue.json')) as Record<string, unknown>;

let app: RunningApp;

beforeEach(async () => {
  app = await startApp({ SETTLE_MS: '60000', SETTLE_MAX_MS: '60000', MAX_BODY_BYTES: '4096' });
  app.states.set('key-a', { status: 200, body: STATE });
});

afterEach(() => app.close());

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    status?: string;
    id?: string;
    error?: { code: string; message: string; fields?: { field: string }[] };
  };
}

async function ring(body: string, headers: Record<string, string> = {}, url = app.url): Promise<Answer> {
  const response = await fetch(`${url}/webhook-notify`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-smp-key': 'key-a', ...headers },
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Answer['body'],
  };
}

const stored = async () => (await app.queue.backlog()).waitingEvents;

describe('a webhook', () => {
  it('is answered 200 when it is durable, and once more as a duplicate', async () => {
    const body = fixture('events/policy.issue.json');
    expect(await ring(body)).toMatchObject({ status: 200, body: { status: 'accepted', id: ENVELOPE.id } });
    expect(await ring(fixture('variants/duplicate-delivery.policy.issue.json'))).toMatchObject({
      status: 200,
      body: { status: 'duplicate', id: ENVELOPE.id },
    });
    expect(await stored()).toBe(1);
  });

  it.each(readdirSync(new URL('events/', FIXTURES)))('is accepted: %s', async (name) => {
    expect(await ring(fixture(`events/${name}`))).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await stored()).toBe(1);
  });

  it.each([
    ['no-username.policy.issue.json', 'accepted'],
    ['timestamp-as-number.policy.issue.json', 'accepted'],
    ['forged-unknown-locator.policy.issue.json', 'accepted'],
    ['sparse-data.invoice.issue.json', 'accepted'],
    ['empty-data.claim.create.json', 'accepted'],
    ['unknown-event.json', 'ignored'],
    ['newer-core-event.cancellation.effective.json', 'accepted'],
    ['newer-core-event.invoice.writtenOff.json', 'accepted'],
  ])('of the variant %s is %s', async (name, status) => {
    expect(await ring(fixture(`variants/${name}`))).toMatchObject({ status: 200, body: { status } });
    expect(await stored()).toBe(status === 'accepted' ? 1 : 0);
    if (status === 'ignored')
      expect(await app.lineOf('webhook.ignored')).toMatchObject({ level: 'warn', code: 'unknown_event' });
  });

  it('outside the profile is ignored', async () => {
    app.states.set('key-a', { status: 200, body: { ...STATE, settings: { ...STATE.settings, profile: 'erp' } } });
    expect(await ring(fixture('events/claim.open.json'))).toMatchObject({ status: 200, body: { status: 'ignored' } });
    expect(await ring(fixture('events/invoice.issue.json'))).toMatchObject({
      status: 200,
      body: { status: 'accepted' },
    });
    expect(await stored()).toBe(1);
  });

  it('of a tenant with unusable settings is kept: it may be mended', async () => {
    app.states.set('key-a', { status: 200, body: { ...STATE, settings: {} } });
    expect(await ring(fixture('events/claim.open.json'))).toMatchObject({ status: 200, body: { status: 'accepted' } });
  });
});

describe('bad input gets a clear answer and nothing is stored', () => {
  const wrong = (overrides: Record<string, unknown>) => JSON.stringify({ ...ENVELOPE, ...overrides });

  it.each<[string, string, Record<string, string>, number, string, string[]]>([
    ['not JSON', 'policy issued!', {}, 400, 'invalid_envelope', ['body']],
    ['empty', '', {}, 400, 'invalid_envelope', ['body']],
    ['an array', '[]', {}, 400, 'invalid_envelope', ['body']],
    ['a member __proto__', '{"__proto__":{"id":"1"}}', {}, 400, 'invalid_envelope', ['body']],
    [
      'an escaped __proto__ deep inside',
      wrong({ data: {} }).replace('"data":{}', '"data":{"a":{"\\u005f_proto__":1}}'),
      {},
      400,
      'invalid_envelope',
      ['body'],
    ],
    ['everything missing', '{}', {}, 400, 'invalid_envelope', ['id', 'type', 'timestamp', 'data']],
    [
      'wrong types',
      wrong({ id: 7, timestamp: 'yesterday', data: [] }),
      {},
      400,
      'invalid_envelope',
      ['id', 'timestamp', 'data'],
    ],
    [
      'a locator that is a path',
      wrong({ data: { policyLocator: '../admin' } }),
      {},
      400,
      'invalid_envelope',
      ['data.policyLocator'],
    ],
    [
      'a locator that is too long',
      wrong({ data: { claimLocator: 'a'.repeat(65) } }),
      {},
      400,
      'invalid_envelope',
      ['data.claimLocator'],
    ],
    ['too large', wrong({ padding: 'x'.repeat(5_000) }), {}, 413, 'body_too_large', []],
    ['a form', 'id=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'not_json', []],
    ['text', '{}', { 'content-type': 'text/plain' }, 415, 'not_json', []],
    ['an unknown key', wrong({}), { 'x-smp-key': 'key-of-nobody' }, 401, 'unknown_key', []],
    ['no key', wrong({}), { 'x-smp-key': '' }, 401, 'no_key', []],
  ])('%s', async (_name, body, headers, status, code, fields) => {
    const answer = await ring(body, headers);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.body.error?.message).toMatch(/^[A-Z].*\.$/);
    expect((answer.body.error?.fields ?? []).map(({ field }) => field).sort()).toEqual(fields.toSorted());
    expect(await stored()).toBe(0);
    expect(app.lines.filter((line) => line.event === 'app.failed')).toEqual([]);
  });

  it.each(['/', '/webhook-notify', '/_app/', '/_app/debug', '/show-settings'])('GET %s is not found', async (path) => {
    const response = await fetch(`${app.url}${path}`, { headers: { 'x-smp-key': 'key-a' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 'not_found', message: 'There is nothing at this address.' },
    });
  });
});

describe('while the State API does not answer', () => {
  it('a key that was never answered for is told to come back', async () => {
    app.states.set('key-a', { status: 500 });
    expect(await ring(JSON.stringify(ENVELOPE))).toMatchObject({
      status: 503,
      retryAfter: '5',
      body: { error: { code: 'state_unavailable' } },
    });
    expect(await stored()).toBe(0);
  });

  it('a known key goes on being accepted', async () => {
    await app.close();
    app = await startApp({ SETTLE_MS: '60000', SETTLE_MAX_MS: '60000', STATE_TTL_MS: '0' });
    app.states.set('key-a', { status: 200, body: STATE });
    // Each replica knows the keys that itself was asked with: they are never on a disk.
    for (const url of app.urls) expect((await ring(fixture('events/policy.create.json'), {}, url)).status).toBe(200);
    app.states.set('key-a', { status: 500 });
    expect((await ring(fixture('events/policy.issue.json'))).body.status).toBe('accepted');
    expect(await stored()).toBe(2);
  });
});

describe('two tenants at once', () => {
  it('never see each other', async () => {
    app.states.set('key-b', { status: 200, body: { ...STATE, tenantHostName: 'tenant-b.example' } });
    const body = JSON.stringify(ENVELOPE);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ring(body, { 'x-smp-key': index % 2 === 0 ? 'key-a' : 'key-b' })),
    );
    const statuses = answers.map((answer) => answer.body.status);
    expect([
      statuses.filter((status) => status === 'accepted').length,
      statuses.filter((status) => status === 'duplicate').length,
    ]).toEqual([2, 18]);
    expect(new Set(app.lines.filter((line) => line.event === 'webhook.accepted').map((line) => line.tenant)).size).toBe(
      2,
    );
  });
});
