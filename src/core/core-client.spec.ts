import PQueue from 'p-queue';
import { setImmediate as turn } from 'node:timers/promises';
import { type FakeAnswer, fakeCore, json, text } from '../../test/support/fake-core.js';
import { fixture } from '../../test/support/fixtures.js';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { CoreClient, MAX_PARALLEL_CALLS, type RenewedToken } from './core-client.js';
import type { EntityName } from './entities.js';

const BASE = 'https://core.example.test';
const NOW = Date.parse('2024-10-21T07:28:00Z');
const PATH = '/cancellations/100004320';
const CANCELLATION = json(fixture('core/cancellation.json'));

function clientOf(
  request: (request: HttpRequest) => Promise<HttpResponse>,
  refreshToken: () => Promise<RenewedToken> = () => Promise.reject(new Error('nobody expected a refresh')),
  baseUrl = BASE,
): CoreClient {
  return new CoreClient({
    baseUrl,
    token: 'old',
    request,
    refreshToken,
    gate: new PQueue({ concurrency: 5 }),
    mayCall: () => true,
    now: () => NOW,
  });
}

function answering(answer: FakeAnswer): CoreClient {
  return clientOf(fakeCore(BASE, { [PATH]: answer }).request);
}

describe('what is read for one sync', () => {
  const read = async (answer: object, times: number) => {
    const body = JSON.stringify({ ...(fixture('core/cancellation.json') as object), ...answer });
    const client = clientOf(() => Promise.resolve({ kind: 'answer', status: 200, headers: {}, body }));
    const kinds: string[] = [];
    for (let time = 0; time < times; time++) {
      const found = await client.read('cancellation', '100004320');
      kinds.push('code' in found ? found.code : found.kind);
    }
    return kinds;
  };

  it('is no more than the largest policy with all that belongs to it', async () => {
    const padding = 'x'.repeat(4_190_000);
    expect(await read({ padding }, 4)).toEqual(['found', 'found', 'found', 'core_answers_too_large']);
  });

  it('is less of what is larger when it is parsed', async () => {
    const padding = Array.from({ length: 50_000 }, () => ({}));
    expect(await read({ padding }, 3)).toEqual(['found', 'found', 'core_answers_too_large']);
  });
});

describe('where each entity is read', () => {
  const rows: readonly (readonly [EntityName, string, string])[] = [
    ['policy', '/policy/100004200', 'policy.issued'],
    ['policyholder', '/policyholder/8d0c5430-d72e-5494-ab32-1d39c028bcee', 'policyholder'],
    ['quote', '/quotes/100004210', 'quote.quoted'],
    ['endorsement', '/endorsements/100004260', 'endorsement'],
    ['renewal', '/renewals/100004390', 'renewal'],
    ['cancellation', '/cancellations/100004320', 'cancellation'],
    ['reinstatement', '/reinstatements/100004330', 'reinstatement'],
    ['gracePeriod', '/gracePeriod/639e2ab8-e4a0-54da-aff9-4a6251078d0b', 'grace-period'],
    ['payment', '/payments/a4161363-1faf-5449-a324-e8e2591e5ee5', 'payment'],
    ['claim', '/claim/d58a4ab0-8cbe-5160-8b5a-d1930dcefb69', 'claim'],
    ['payable', '/claims/payables/9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e', 'payable'],
    ['premiumReport', '/premiumReports/100005140', 'premium-report'],
  ];

  it.each(rows)('%s', async (name, path, file) => {
    const locator = path.slice(path.lastIndexOf('/') + 1);
    const core = fakeCore(BASE, { [path]: json(fixture(`core/${file}.json`)) });
    await expect(clientOf(core.request).read(name, locator)).resolves.toEqual({
      kind: 'found',
      value: expect.objectContaining({ locator }),
    });
  });

  it('lists', async () => {
    const core = fakeCore(BASE, {
      '/policyholder/77/invoices': json(fixture('core/policyholder-invoices.json')),
      '/policy/100004200/gracePeriods': json([fixture('core/grace-period.json')]),
      '/policy/100004200/claims': json([fixture('core/claim.json')]),
    });
    const client = clientOf(core.request);
    const invoices = await client.policyholderInvoices('77');
    const gracePeriods = await client.gracePeriodsOf('100004200');
    const claims = await client.claimsOf('100004200');
    expect([
      invoices.kind === 'found' && invoices.value.length,
      gracePeriods.kind === 'found' && gracePeriods.value.length,
      claims.kind === 'found' && claims.value.map(({ subClaims }) => subClaims.length),
    ]).toEqual([5, 1, [1]]);
  });

  it('asks for JSON with the bearer token, wherever the base address ends', async () => {
    const asked: HttpRequest[] = [];
    const client = clientOf(
      (request) => {
        asked.push(request);
        return Promise.resolve(CANCELLATION);
      },
      undefined,
      `${BASE}/core//`,
    );
    await client.read('cancellation', '100004320');
    expect(asked).toEqual([
      {
        method: 'GET',
        url: `${BASE}/core/cancellations/100004320`,
        headers: { accept: 'application/json', authorization: 'Bearer old' },
      },
    ]);
  });

  it.each(['', '../account', 'a b', 'a/b', 'ü', 'a'.repeat(65)])(
    'asks nothing for the locator "%s"',
    async (locator) => {
      const core = fakeCore(BASE, {});
      const client = clientOf(core.request);
      const malformed = { kind: 'malformed', problem: 'A locator has characters that locators of Core do not have.' };
      await expect(client.read('policy', locator)).resolves.toEqual(malformed);
      await expect(client.policyholderInvoices(locator)).resolves.toEqual(malformed);
      await expect(client.gracePeriodsOf(locator)).resolves.toEqual(malformed);
      await expect(client.claimsOf(locator)).resolves.toEqual(malformed);
      await expect(client.invoice(locator)).resolves.toEqual({ kind: 'not_found' });
      expect(core.calls).toEqual([]);
    },
  );
});

describe('what an answer means', () => {
  it.each<[string, HttpResponse, unknown]>([
    ['404', json({}, 404), { kind: 'not_found' }],
    ['410', json({}, 410), { kind: 'not_found' }],
    ['403', json({}, 403), { kind: 'forbidden' }],
    [
      '429 with seconds',
      json({}, 429, { 'retry-after': '7' }),
      { kind: 'unavailable', code: 'core_status_429', retryAfterMs: 7000 },
    ],
    [
      '503 with a date',
      json({}, 503, { 'retry-after': 'Mon, 21 Oct 2024 07:28:30 GMT' }),
      { kind: 'unavailable', code: 'core_status_503', retryAfterMs: 30_000 },
    ],
    ['500', text('oops', 500), { kind: 'retry', code: 'core_status_500' }],
    ['a redirect', text('', 302), { kind: 'retry', code: 'core_status_302' }],
    ['409', json({}, 409), { kind: 'retry', code: 'core_status_409' }],
    ['HTML', text('\n<!doctype html><title>Wait</title>'), { kind: 'retry', code: 'core_answered_html' }],
    ['JSON cut short', text('{"locator":"1000'), { kind: 'retry', code: 'core_answer_not_json' }],
    ['nothing', text(''), { kind: 'retry', code: 'core_answer_not_json' }],
    [
      'no connection',
      { kind: 'unreachable', code: 'ECONNREFUSED', permanent: false },
      { kind: 'unavailable', code: 'core_ECONNREFUSED' },
    ],
    [
      'a time-out',
      { kind: 'lost', code: 'timeout' },
      { kind: 'unavailable', code: 'core_timeout', mayBeThisOne: true },
    ],
    [
      'our own end',
      { kind: 'lost', code: 'shutting_down' },
      { kind: 'unavailable', code: 'shutting_down', retryAfterMs: 0 },
    ],
    ['another shape', json({ locator: 5 }), { kind: 'malformed', problem: 'cancellation: locator is not text.' }],
    [
      'the other product family',
      json({ locator: '01J8ZV2F3Q9X7M5KDB4TNRC6WE', createdAt: '2024-05-20T12:00:00Z' }),
      { kind: 'malformed', problem: 'cancellation: the answer has the shape of Insurance Suite, not of Socotra Core.' },
    ],
  ])('%s', async (_, response, expected) => {
    await expect(answering(response).read('cancellation', '100004320')).resolves.toEqual(expected);
  });
});

describe('what an answer to a write means', () => {
  it.each<[string, HttpResponse, unknown]>([
    ['nothing', text(''), { kind: 'found', value: undefined }],
    ['JSON', json({ ok: true }), { kind: 'found', value: undefined }],
    ['a page', text('<html></html>'), { kind: 'retry', code: 'core_answered_html' }],
    ['a failure', text('', 500), { kind: 'retry', code: 'core_status_500' }],
    ['a refusal', json({}, 403), { kind: 'forbidden' }],
  ])('%s', async (_, response, expected) => {
    await expect(clientOf(() => Promise.resolve(response)).put('/auxData/socotra-sync', {})).resolves.toEqual(expected);
  });
});

/** Core confirms no such path: what does not speak of Core's health or of the token says that it has none. */
describe('what an answer to the plain path of one invoice means', () => {
  const [invoice] = fixture('core/policyholder-invoices.json') as [{ readonly locator: string }];
  const missing = { kind: 'not_found' };

  it.each<[string, HttpResponse, unknown]>([
    ['an invoice', json(invoice), { kind: 'found', value: expect.objectContaining({ locator: invoice.locator }) }],
    ['404', json({}, 404), missing],
    ['403', json({}, 403), missing],
    ['a page', text('<!doctype html><title>Sign in</title>'), missing],
    ['no JSON', text('no such route'), missing],
    ['nothing', text(''), missing],
    ['a redirect', text('', 302), missing],
    ['400', text('', 400), missing],
    ['405', text('', 405), missing],
    ['501', text('', 501), missing],
    ['another shape', json({ locator: invoice.locator }), missing],
    ['a list', json([invoice]), missing],
    ['401', json({}, 401), { kind: 'unauthorized' }],
    ['408', text('', 408), { kind: 'retry', code: 'core_status_408' }],
    ['429', text('', 429), { kind: 'unavailable', code: 'core_status_429' }],
    ['500', text('', 500), { kind: 'retry', code: 'core_status_500' }],
    ['502', text('', 502), { kind: 'retry', code: 'core_status_502' }],
    ['503', text('', 503), { kind: 'unavailable', code: 'core_status_503' }],
    [
      'no connection',
      { kind: 'unreachable', code: 'ECONNREFUSED', permanent: false },
      { kind: 'unavailable', code: 'core_ECONNREFUSED' },
    ],
    [
      'a time-out',
      { kind: 'lost', code: 'timeout' },
      { kind: 'unavailable', code: 'core_timeout', mayBeThisOne: true },
    ],
  ])('%s', async (_, response, expected) => {
    const core = fakeCore(BASE, { [`/invoice/${invoice.locator}`]: response });
    await expect(
      clientOf(core.request, () => Promise.resolve({ token: undefined })).invoice(invoice.locator),
    ).resolves.toEqual(expected);
  });
});

describe('after a 401', () => {
  /** Takes only the given token. */
  const onlyFor = (token: string) => (request: HttpRequest) =>
    request.headers?.['authorization'] === `Bearer ${token}` ? CANCELLATION : json({}, 401);

  it.each<[string, string, RenewedToken, string, number]>([
    ['the new token is used', 'new', { token: 'new' }, 'found', 2],
    ['no new token ends it', 'new', { token: undefined }, 'unauthorized', 1],
    ['the same token again is not tried again', 'new', { token: 'old' }, 'unauthorized', 1],
    ['a second refusal ends it', 'other', { token: 'new' }, 'unauthorized', 2],
    ['a state that cannot be read proves nothing against the account', 'new', 'unavailable', 'unavailable', 1],
  ])('%s', async (_, accepted, renewed, kind, calls) => {
    const core = fakeCore(BASE, { [PATH]: onlyFor(accepted) });
    const answer = await clientOf(core.request, () => Promise.resolve(renewed)).read('cancellation', '100004320');
    expect([answer.kind, core.calls.length]).toEqual([kind, calls]);
  });

  it('the state is read once for all calls, and later ones begin with the new token', async () => {
    const core = fakeCore(BASE, { [PATH]: onlyFor('new') });
    let refreshes = 0;
    const client = clientOf(core.request, async () => {
      refreshes += 1;
      await turn();
      return { token: 'new' };
    });
    await Promise.all([client.read('cancellation', '100004320'), client.read('cancellation', '100004320')]);
    await client.read('cancellation', '100004320');
    expect([refreshes, core.calls.length]).toEqual([1, 5]);
  });
});

it('clients of one tenant share a gate', async () => {
  const gate = new PQueue({ concurrency: MAX_PARALLEL_CALLS });
  let running = 0;
  let most = 0;
  const request = async (): Promise<HttpResponse> => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    return CANCELLATION;
  };
  const refreshToken = () => Promise.resolve({ token: undefined });
  const clients = [1, 2].map(
    () =>
      new CoreClient({ baseUrl: BASE, token: 't', request, refreshToken, gate, mayCall: () => true, now: () => NOW }),
  );
  await Promise.all(
    clients.flatMap((client) => Array.from({ length: 6 }, () => client.read('cancellation', '100004320'))),
  );
  expect(most).toBe(5);
});

it('makes no call beyond the allowance, and says for how long the tenant rests', async () => {
  let left = 2;
  const { request, calls } = fakeCore(BASE, { [PATH]: CANCELLATION });
  const client = new CoreClient({
    baseUrl: BASE,
    token: 't',
    request,
    refreshToken: () => Promise.reject(new Error('nobody expected a refresh')),
    gate: new PQueue({ concurrency: 5 }),
    mayCall: () => left-- > 0,
    now: () => NOW,
  });
  const answers = await Promise.all([1, 2, 3].map(() => client.read('cancellation', '100004320')));
  expect(answers.map(({ kind }) => kind)).toEqual(['found', 'found', 'unavailable']);
  expect(answers[2]).toEqual({ kind: 'unavailable', code: 'core_calls_limited', retryAfterMs: 10_000 });
  expect(calls).toHaveLength(2);
});
