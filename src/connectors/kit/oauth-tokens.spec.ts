import type { HttpRequest, HttpResponse } from '../../http/exchange.js';
import { type OAuthClient, OAuthTokens } from './oauth-tokens.js';

const CLIENT: OAuthClient = { tokenUrl: 'https://login.test/token', clientId: 'app & co', clientSecret: 's=cret+1' };

function answer(status: number, body: unknown): HttpResponse {
  return { kind: 'answer', status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Longer than any header may be. */
const ENDLESS = 'x'.repeat(20_000);

const granted = (token: string, parts: object = { expires_in: 3_600 }) =>
  answer(200, { access_token: token, ...parts });

/** A token endpoint that gives the answers one after the other and refuses every further question. */
function endpoint(...steps: (HttpResponse | Promise<HttpResponse>)[]) {
  const asked: HttpRequest[] = [];
  const clock = { nowMs: 1_000_000 };
  const send = (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    const step = steps.shift();
    return step === undefined ? Promise.reject(new Error('Nobody expected this request.')) : Promise.resolve(step);
  };
  return { tokens: new OAuthTokens(send, () => clock.nowMs), asked, clock };
}

it('asks with the client credentials in a form', async () => {
  const { tokens, asked } = endpoint(granted('t1'));
  expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't1' });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: 'https://login.test/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: 'grant_type=client_credentials&client_id=app+%26+co&client_secret=s%3Dcret%2B1',
    },
  ]);
});

describe('the memory', () => {
  it.each<[string, object, number]>([
    ['for as long as told, less a margin', { expires_in: 3_600 }, 3_570_000],
    ['for as long as told in a text', { expires_in: '600' }, 570_000],
    ['for five minutes when nothing is told', {}, 270_000],
    ['for five minutes when nonsense is told', { expires_in: 'soon' }, 270_000],
    ['for five minutes when it never lived', { expires_in: 0 }, 270_000],
    ['for five minutes when it ended before', { expires_in: -1 }, 270_000],
    ['for five minutes when null is told', { expires_in: null }, 270_000],
  ])('keeps a token %s', async (_what, parts, lifeMs) => {
    const { tokens, asked, clock } = endpoint(granted('t1', parts), granted('t2'));
    await tokens.get(CLIENT);
    clock.nowMs += lifeMs - 1;
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't1' });
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't2' });
  });

  it('does not keep a token that ends within the margin', async () => {
    const { tokens } = endpoint(granted('t1', { expires_in: 30 }), granted('t2'));
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't1' });
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't2' });
  });

  it('is asked for with scope and audience where the client has them', async () => {
    const { tokens, asked } = endpoint(granted('t1'));
    await tokens.get({ ...CLIENT, scope: 'a b', audience: 'https://crm.test' });
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'https://crm.test',
    });
  });

  it('is passed by when the target refused the token, and has the new one then', async () => {
    const { tokens, asked } = endpoint(granted('t1'), granted('t2'));
    await tokens.get(CLIENT);
    expect(await tokens.get(CLIENT, 't1')).toEqual({ ok: true, token: 't2' });
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't2' });
    expect(asked).toHaveLength(2);
  });

  it('is given again though it was refused, while it is younger than that says something about it', async () => {
    const { tokens, asked, clock } = endpoint(granted('t1'), granted('t2'));
    await tokens.get(CLIENT);
    clock.nowMs += 59_999;
    expect(await tokens.get(CLIENT, 't1', 60_000)).toEqual({ ok: true, token: 't1' });
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect(await tokens.get(CLIENT, 't1', 60_000)).toEqual({ ok: true, token: 't2' });
  });

  it('keeps no failure', async () => {
    const { tokens } = endpoint(answer(503, ''), granted('t1'));
    expect(await tokens.get(CLIENT)).toMatchObject({ ok: false });
    expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't1' });
  });

  it.each<[string, Partial<OAuthClient>]>([
    ['another secret', { clientSecret: 'new' }],
    ['another client', { clientId: 'other' }],
    ['another scope', { scope: 'records.write' }],
    ['another audience', { audience: 'https://crm.test' }],
    ['a scope for an audience', { audience: 'records.write' }],
    ['another endpoint', { tokenUrl: 'https://other.test/token' }],
    ['what only looks alike', { clientId: `${CLIENT.clientId}\nx`, clientSecret: 'y' }],
  ])('keeps %s apart', async (_what, parts) => {
    const { tokens } = endpoint(granted('t1'), granted('t2'));
    const client = { ...CLIENT, clientSecret: 'x\ny' };
    await tokens.get(client);
    expect(await tokens.get({ ...client, ...parts })).toEqual({ ok: true, token: 't2' });
    expect(await tokens.get(client)).toEqual({ ok: true, token: 't1' });
  });
});

it('gives a token that another caller got since the refusal, so that the newest one stays alive', async () => {
  const { tokens, asked } = endpoint(granted('t1'), granted('t2'));
  await tokens.get(CLIENT);
  expect(await tokens.get(CLIENT, 't1')).toEqual({ ok: true, token: 't2' });
  expect(await tokens.get(CLIENT, 't1')).toEqual({ ok: true, token: 't2' });
  expect(asked).toHaveLength(2);
});

it('asks once, however many wait, also for a renewal', async () => {
  const { promise, resolve } = Promise.withResolvers<HttpResponse>();
  const { tokens, asked } = endpoint(promise);
  const waiting = [tokens.get(CLIENT), tokens.get(CLIENT), tokens.get(CLIENT, 't0')];
  resolve(granted('t1'));
  expect(await Promise.all(waiting)).toEqual(Array(3).fill({ ok: true, token: 't1' }));
  expect(asked).toHaveLength(1);
});

describe('no token', () => {
  it.each<[string, HttpResponse, boolean, string]>([
    ['400', answer(400, { error: 'invalid_client' }), true, 'token_endpoint_status_400'],
    ['401', answer(401, ''), true, 'token_endpoint_status_401'],
    ['403', answer(403, ''), true, 'token_endpoint_status_403'],
    ['302', answer(302, ''), false, 'token_endpoint_status_302'],
    ['429', answer(429, ''), false, 'token_endpoint_status_429'],
    ['500', answer(500, ''), false, 'token_endpoint_status_500'],
    ['silence', { kind: 'lost', code: 'timeout' }, false, 'token_endpoint_timeout'],
    [
      'a private address',
      { kind: 'unreachable', code: 'private_address_refused', permanent: true },
      false,
      'token_endpoint_private_address_refused',
    ],
    ['a page', answer(200, '<html>'), false, 'token_endpoint_answer_unreadable'],
    ['null', answer(200, 'null'), false, 'token_endpoint_answer_unreadable'],
    ['no member', answer(200, {}), false, 'token_endpoint_answer_unreadable'],
    ['an empty token', answer(200, { access_token: '' }), false, 'token_endpoint_answer_unreadable'],
    ['a token that is a number', answer(200, { access_token: 5 }), false, 'token_endpoint_answer_unreadable'],
    ['a token without end', granted(ENDLESS), false, 'token_endpoint_answer_unreadable'],
    ['an address without end', granted('t', { instance_url: ENDLESS }), false, 'token_endpoint_answer_unreadable'],
    [
      'another refresh token without end',
      granted('t', { refresh_token: ENDLESS }),
      false,
      'token_endpoint_answer_unreadable',
    ],
  ])('after %s', async (_what, response, refused, code) => {
    expect(await endpoint(response).tokens.get(CLIENT)).toEqual({ ok: false, refused, code });
  });

  it.each<[string, number, Readonly<Record<string, string>>, number | undefined]>([
    ['a limit with a time', 429, { 'retry-after': '120' }, 120_000],
    ['a limit by its end', 429, { 'x-ratelimit-reset': '90' }, 90_000],
    ['overload with a time', 503, { 'retry-after': '7' }, 7_000],
    ['overload without a time', 503, {}, undefined],
    ['a refusal with a time', 401, { 'retry-after': '7' }, undefined],
  ])('tells the time that the server names: %s', async (_what, status, headers, retryAfterMs) => {
    const { tokens } = endpoint({ kind: 'answer', status, headers, body: '' });
    expect(await tokens.get(CLIENT)).toEqual({
      ok: false,
      refused: status === 401,
      code: `token_endpoint_status_${status}`,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  });

  it('says nothing of the credentials or the answer', async () => {
    const { tokens } = endpoint(answer(400, { error_description: 's=cret+1 is wrong' }));
    expect(JSON.stringify(await tokens.get(CLIENT))).not.toContain('cret');
  });
});

it('tells the address that a token is for, also from memory', async () => {
  const { tokens } = endpoint(granted('t1', { instance_url: 'https://mine.test', expires_in: 3_600 }));
  const expected = { ok: true, token: 't1', instanceUrl: 'https://mine.test' };
  expect([await tokens.get(CLIENT), await tokens.get(CLIENT)]).toEqual([expected, expected]);
});

it('does not take for an address what is no text', async () => {
  const { tokens } = endpoint(granted('t1', { instance_url: 5 }));
  expect(await tokens.get(CLIENT)).toEqual({ ok: true, token: 't1' });
});

describe('with a refresh token', () => {
  const RENEWABLE: OAuthClient = { ...CLIENT, refreshToken: 'r=0' };
  const refreshTokensOf = (asked: readonly HttpRequest[]) =>
    asked.map(({ body }) => new URLSearchParams(body).get('refresh_token'));

  it('asks with it', async () => {
    const { tokens, asked } = endpoint(granted('t1'));
    expect(await tokens.get(RENEWABLE)).toEqual({ ok: true, token: 't1' });
    expect(asked[0]?.body).toBe(
      'grant_type=refresh_token&refresh_token=r%3D0&client_id=app+%26+co&client_secret=s%3Dcret%2B1',
    );
  });

  it('uses the newest one that the server gave', async () => {
    const { tokens, asked } = endpoint(granted('t1', { refresh_token: 'r1' }), granted('t2'), granted('t3'));
    await tokens.get(RENEWABLE);
    await tokens.get(RENEWABLE, 't1');
    await tokens.get(RENEWABLE, 't2');
    expect(refreshTokensOf(asked)).toEqual(['r=0', 'r1', 'r1']);
  });

  it('keeps the newest one over a failure', async () => {
    const { tokens, asked } = endpoint(granted('t1', { refresh_token: 'r1' }), answer(503, ''), granted('t2'));
    await tokens.get(RENEWABLE);
    expect(await tokens.get(RENEWABLE, 't1')).toMatchObject({ ok: false, refused: false });
    expect(await tokens.get(RENEWABLE, 't1')).toEqual({ ok: true, token: 't2' });
    expect(refreshTokensOf(asked)).toEqual(['r=0', 'r1', 'r1']);
  });

  it('has the new one before anybody uses the access token that came with it', async () => {
    const { tokens, asked } = endpoint(granted('t1', { refresh_token: 'r1' }), granted('t2'));
    const first = tokens.get(RENEWABLE).then(() => tokens.get(RENEWABLE, 't1'));
    expect(await first).toEqual({ ok: true, token: 't2' });
    expect(refreshTokensOf(asked)).toEqual(['r=0', 'r1']);
  });

  it('begins anew with the one that the customer has set since', async () => {
    const { tokens, asked } = endpoint(granted('t1', { refresh_token: 'r1' }), granted('t2'));
    await tokens.get(RENEWABLE);
    await tokens.get({ ...RENEWABLE, refreshToken: 'new' });
    expect(refreshTokensOf(asked)).toEqual(['r=0', 'new']);
  });
});
