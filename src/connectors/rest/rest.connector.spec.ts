import { Webhook } from 'standardwebhooks';
import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { answered, fakeTarget } from '../../../test/support/fake-target.ts';
import type { HttpRequest, HttpResponse } from '../../http/exchange.js';
import { RECORD_KIND_NAMES } from '../../records/record-kinds.js';
import type { VerifyResult } from '../connector.js';
import type { AccessToken } from '../kit/oauth-tokens.js';
import { restConnector } from './rest.connector.js';

type Settings = Readonly<Record<string, string>>;

const URL = 'https://crm.test/in';
const SECRET = 'hunter2-very-secret';
const SIGNING_SECRET = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const OAUTH = {
  auth: 'oauth2-client-credentials',
  'token-url': 'https://login.test/token',
  'client-id': 'app',
  'client-secret': SECRET,
};

const answer = (status: number, headers?: Readonly<Record<string, string>>) => answered(status, '', headers);

function targetWith(settings: Settings, answers: readonly HttpResponse[], tokens: readonly AccessToken[] = []) {
  const fake = fakeTarget({ settings: { 'api-url': URL, ...settings }, answers, tokens });
  // Who checks a signature refuses an old one.
  fake.clock.nowMs = Date.now();
  return fake;
}

const policy = deliveryOf(FULL_RECORDS.policy, 'delivery-1');
const party = deliveryOf(FULL_RECORDS.party, 'delivery-2');
const NO_AUTH = { auth: 'none' };

describe('the request', () => {
  const common = { 'content-type': 'application/json', 'idempotency-key': 'delivery-1' };
  it.each<[string, Settings, readonly AccessToken[], object]>([
    ['no authentication', NO_AUTH, [], {}],
    ['a bearer token', { 'api-token': SECRET }, [], { authorization: `Bearer ${SECRET}` }],
    ['an own header', { auth: 'header', username: 'X-Api-Key', 'api-token': SECRET }, [], { 'x-api-key': SECRET }],
    [
      'a password',
      { auth: 'basic', username: 'app', 'client-secret': 'päss:word' },
      [],
      { authorization: `Basic ${Buffer.from('app:päss:word').toString('base64')}` },
    ],
    ['OAuth', OAUTH, [{ ok: true, token: 't1' }], { authorization: 'Bearer t1' }],
  ])('carries %s', async (_what, settings, tokens, headers) => {
    const { target, sent, asked } = targetWith(settings, [answer(200)], tokens);
    expect(await restConnector.deliver([policy], target)).toEqual([{ outcome: 'delivered', change: 'updated' }]);
    expect(sent).toEqual([{ method: 'POST', url: URL, headers: { ...common, ...headers }, body: expect.any(String) }]);
    expect(asked).toHaveLength(tokens.length);
  });

  it('asks for an OAuth token with the scope and the audience that are set, and with no other', async () => {
    const all = { ...OAUTH, 'oauth-scope': 'api://crm/.default', 'oauth-audience': 'https://crm.test' };
    const client = { tokenUrl: OAUTH['token-url'], clientId: 'app', clientSecret: SECRET };
    for (const [settings, more] of [
      [OAUTH, {}],
      [all, { scope: 'api://crm/.default', audience: 'https://crm.test' }],
    ] as const) {
      const { target, asked } = targetWith(settings, [answer(200)], [{ ok: true, token: 't1' }]);
      await restConnector.deliver([policy], target);
      expect(asked).toEqual([{ client: { ...client, ...more }, refused: undefined }]);
    }
  });

  it('is signed over exactly the body that is sent', async () => {
    const { target, sent } = targetWith({ ...NO_AUTH, 'signing-secret': SIGNING_SECRET }, [answer(200)]);
    await restConnector.deliver([policy], target);
    const { body = '', headers = {} } = sent[0] ?? {};
    expect(headers['webhook-id']).toBe('delivery-1');
    expect(new Webhook(SIGNING_SECRET).verify(body, { ...headers })).toMatchObject({ deliveryId: 'delivery-1' });
  });

  it('keeps its idempotency key and its body over all tries', async () => {
    const { target, sent } = targetWith(NO_AUTH, [answer(500), answer(200)]);
    await restConnector.deliver([policy], target);
    await restConnector.deliver([policy], target);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('is one per record, in the given order', async () => {
    const { target, sent } = targetWith(NO_AUTH, [answer(200), answer(200)]);
    await restConnector.deliver([party, policy], target);
    expect(sent.map(({ body }) => body?.match(/"key":"([^"]+)"/)?.[1])).toEqual(['p-pty-77', 'p-pol-100004200']);
  });
});

describe('a refused token', () => {
  const old: AccessToken = { ok: true, token: 'old' };
  const renewed: AccessToken = { ok: true, token: 'new' };
  const authorizations = (sent: readonly HttpRequest[]) => sent.map(({ headers }) => headers?.authorization);

  it('of OAuth is renewed once, and the record sent again', async () => {
    const { target, sent, asked } = targetWith(OAUTH, [answer(401), answer(201)], [old, renewed]);
    expect(await restConnector.deliver([policy], target)).toMatchObject([{ outcome: 'delivered' }]);
    const client = { tokenUrl: 'https://login.test/token', clientId: 'app', clientSecret: SECRET };
    expect(asked).toEqual([
      { client, refused: undefined },
      { client, refused: 'old' },
    ]);
    expect(authorizations(sent)).toEqual(['Bearer old', 'Bearer new']);
    expect(sent[1]?.headers?.['idempotency-key']).toBe('delivery-1');
  });

  it('of OAuth that the receiver calls forbidden is renewed once too, and a second 403 is about the record', async () => {
    const { target, sent } = targetWith(
      OAUTH,
      [answer(403), answer(201), answer(403), answer(403)],
      [old, renewed, old, renewed],
    );
    expect(await restConnector.deliver([party, policy], target)).toMatchObject([
      { outcome: 'delivered' },
      { outcome: 'rejected', code: 'status_403' },
    ]);
    expect(authorizations(sent)).toEqual(['Bearer old', 'Bearer new', 'Bearer old', 'Bearer new']);
  });

  it('of OAuth is not renewed twice', async () => {
    const { target, sent } = targetWith(OAUTH, [answer(401), answer(401)], [old, renewed]);
    expect(await restConnector.deliver([policy], target)).toEqual([{ outcome: 'auth', code: 'target_unauthorized' }]);
    expect(sent).toHaveLength(2);
  });

  it.each<[string, Settings]>([
    ['bearer', { 'api-token': SECRET }],
    ['basic', { auth: 'basic', username: 'app', 'client-secret': SECRET }],
    ['header', { auth: 'header', username: 'x-key', 'api-token': SECRET }],
    ['none', NO_AUTH],
  ])('of %s is final', async (_way, settings) => {
    const { target, sent } = targetWith(settings, [answer(401)]);
    expect(await restConnector.deliver([policy], target)).toEqual([{ outcome: 'auth', code: 'target_unauthorized' }]);
    expect(sent).toHaveLength(1);
  });

  it.each<[string, AccessToken, object]>([
    ['refused', { ok: false, refused: true, code: 'x' }, { outcome: 'auth', code: 'target_unauthorized' }],
    ['not given', { ok: false, refused: false, code: 'token_x' }, { outcome: 'unreachable', code: 'token_x' }],
  ])('that is %s keeps the record here', async (_what, token, expected) => {
    const { target, sent } = targetWith(OAUTH, [], [token]);
    expect(await restConnector.deliver([policy], target)).toEqual([expected]);
    expect(sent).toEqual([]);
  });
});

describe('several records', () => {
  it.each<[string, HttpResponse, object]>([
    [
      'throttled',
      answer(429, { 'retry-after': '7' }),
      { outcome: 'throttled', code: 'status_429', retryAfterMs: 7_000 },
    ],
    ['refused', answer(401), { outcome: 'auth', code: 'target_unauthorized' }],
    ['gone', answer(410), { outcome: 'auth', code: 'target_gone' }],
  ])('a target that is %s is not asked for the rest', async (_what, response, expected) => {
    const { target, sent } = targetWith(NO_AUTH, [answer(200), response]);
    const results = await restConnector.deliver([party, policy, party, policy], target);
    expect(results).toEqual([{ outcome: 'delivered', change: 'updated' }, expected, expected, expected]);
    expect(sent).toHaveLength(2);
  });

  it('one that fails does not stop the others, and each result is its own', async () => {
    const { target } = targetWith(NO_AUTH, [answer(422), answer(500), answer(200)]);
    const results = await restConnector.deliver([party, policy, party], target);
    expect(results.map(({ outcome }) => outcome)).toEqual(['rejected', 'retry', 'delivered']);
  });

  it.each<[string, HttpResponse, string]>([
    ['silent', { kind: 'lost', code: 'timeout' }, 'unknown_outcome'],
    ['not there', { kind: 'unreachable', code: 'econnrefused', permanent: false }, 'unreachable'],
  ])('a target that is %s is not asked for the rest', async (_what, response, outcome) => {
    const { target, sent } = targetWith(NO_AUTH, [response]);
    const results = await restConnector.deliver([party, policy, party], target);
    expect(results.map((result) => result.outcome)).toEqual([outcome, 'unreachable', 'unreachable']);
    expect(sent).toHaveLength(1);
  });

  it('none is nothing', async () => {
    expect(await restConnector.deliver([], targetWith(NO_AUTH, []).target)).toEqual([]);
  });
});

describe('several records in one request', () => {
  const TOGETHER = { ...NO_AUTH, 'batch-size': '3' };
  const change = deliveryOf(FULL_RECORDS.policy_change, 'delivery-3');
  const line = deliveryOf(FULL_RECORDS.activity, 'delivery-4');
  const keysOf = ({ body = '' }: HttpRequest) =>
    [...body.matchAll(/\{"kind":"[^}]*?"key":"([^"]+)"/g)].map(([, key]) => key);
  const idOf = (request: HttpRequest | undefined) => request?.headers?.['idempotency-key'];

  it('go in their order, no more at a time than set, and each gets its result', async () => {
    const results = JSON.stringify({ results: [{ status: 'created' }, { status: 'failed' }, { status: 'ignored' }] });
    const { target, sent } = targetWith(TOGETHER, [answered(200, results), answer(200)]);
    const outcomes = await restConnector.deliver([party, policy, change, line], target);
    expect(sent.map(keysOf)).toEqual(
      [[party, policy, change], [line]].map((batch) => batch.map(({ record }) => record.key)),
    );
    expect(outcomes).toMatchObject([
      { change: 'created' },
      { code: 'receiver_refused' },
      { change: 'unchanged' },
      { change: 'updated' },
    ]);
  });

  it('have an id together, which stays the same over all tries of the same content', async () => {
    const { target, sent } = targetWith({ ...TOGETHER, 'signing-secret': SIGNING_SECRET }, Array(5).fill(answer(200)));
    const newer = deliveryOf(FULL_RECORDS.policy, 'delivery-2b');
    for (const batch of [[party, policy], [party, policy], [party, newer], [policy, party], [policy]]) {
      await restConnector.deliver(batch, target);
    }
    const ids = sent.map(idOf);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
    expect(ids[4]).toBe(policy.deliveryId);
    for (const { body = '', headers = {} } of sent) {
      expect(new Webhook(SIGNING_SECRET).verify(body, { ...headers })).toMatchObject({
        deliveryId: headers['webhook-id'],
      });
    }
  });

  it('that are refused as a whole are sent apart, until the bad one stands alone', async () => {
    const { target, sent } = targetWith(TOGETHER, [answer(422), answer(200), answer(422)]);
    const outcomes = await restConnector.deliver([party, policy], target);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['delivered', 'rejected']);
    expect(sent.slice(1).map(idOf)).toEqual(['delivery-1', 'delivery-2'].toReversed());
  });

  it('whose answer is lost are all in doubt', async () => {
    const { target, sent } = targetWith(TOGETHER, [{ kind: 'lost', code: 'timeout' }]);
    const outcomes = await restConnector.deliver([party, policy], target);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unknown_outcome', 'unknown_outcome']);
    expect(sent).toHaveLength(1);
  });
});

describe('the check at Start', () => {
  const unreachable = (code: string): HttpResponse => ({ kind: 'unreachable', code, permanent: true });
  const problem = (cause: 'settings' | 'unreachable' | 'resting', code: string, words: string): VerifyResult => ({
    ok: false,
    cause,
    code,
    message: expect.stringContaining(words),
  });

  it.each<[string, HttpResponse, VerifyResult]>([
    ['acceptance', answer(204), { ok: true }],
    ['401', answer(401), problem('settings', 'target_unauthorized', 'refuses the credentials')],
    ['403', answer(403), problem('settings', 'status_403', 'rights of the account')],
    ['404', answer(404), problem('settings', 'status_404', 'nothing at the address')],
    ['410', answer(410), problem('settings', 'target_gone', 'closed for good')],
    ['a redirect', answer(302), problem('settings', 'status_302', 'redirect')],
    ['429', answer(429), problem('resting', 'status_429', 'asks for rest')],
    ['500', answer(500), problem('unreachable', 'status_500', 'answers with the status 500')],
    ['silence', { kind: 'lost', code: 'timeout' }, problem('unreachable', 'timeout', 'does not answer in time')],
    ['nobody', unreachable('econnrefused'), problem('unreachable', 'econnrefused', 'it refuses connections')],
    ['no such name', unreachable('enotfound'), problem('settings', 'enotfound', 'does not exist')],
    ['plain http', unreachable('scheme_refused'), problem('settings', 'scheme_refused', 'begin with https://')],
    ['a low port', unreachable('port_refused'), problem('settings', 'port_refused', '443')],
    [
      'a private address',
      unreachable('private_address_refused'),
      problem('settings', 'private_address_refused', 'private network'),
    ],
  ])('%s', async (_what, response, expected) => {
    expect(await restConnector.verify(targetWith(NO_AUTH, [response]).target)).toEqual(expected);
  });

  it('sends a ping with all that a record would carry, and nothing of a record', async () => {
    const settings = { 'api-token': SECRET, 'signing-secret': SIGNING_SECRET };
    const { target, sent } = targetWith(settings, [answer(200)]);
    await restConnector.verify(target);
    const { body = '', headers = {} } = sent[0] ?? {};
    expect(headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'idempotency-key': expect.any(String) });
    expect(new Webhook(SIGNING_SECRET).verify(body, { ...headers })).toEqual({
      specVersion: '1',
      type: 'ping',
      tenant: 'abc123',
      environment: 'production',
    });
  });

  it('says in words when OAuth fails, and never a secret', async () => {
    const refused = targetWith(OAUTH, [], [{ ok: false, refused: true, code: 'token_endpoint_status_401' }]);
    const down = targetWith(OAUTH, [], [{ ok: false, refused: false, code: 'token_endpoint_timeout' }]);
    const misspelt = targetWith(OAUTH, [], [{ ok: false, refused: false, code: 'token_endpoint_enotfound' }]);
    const results = await Promise.all([refused, down, misspelt].map(({ target }) => restConnector.verify(target)));
    expect(results).toEqual([
      problem('settings', 'target_unauthorized', 'client secret'),
      problem(
        'unreachable',
        'token_endpoint_timeout',
        '"OAuth token address" cannot be used at the moment: it does not answer in time',
      ),
      problem('settings', 'token_endpoint_enotfound', 'The name in "OAuth token address" does not exist'),
    ]);
    expect(JSON.stringify(results)).not.toContain(SECRET);
  });
});

it('takes every kind of record', () => {
  expect(restConnector.kinds).toEqual(Object.fromEntries(RECORD_KIND_NAMES.map((kind) => [kind, 'upsert'])));
});
