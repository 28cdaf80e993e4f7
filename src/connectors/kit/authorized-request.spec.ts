import { answered, fakeTarget } from '../../../test/support/fake-target.ts';
import type { TargetResponse } from '../connector.js';
import { type Authorization, authorizedRequest, bearer, type Credentials } from './authorized-request.js';
import type { AccessToken } from './oauth-tokens.js';

const CLIENT = { tokenUrl: 'https://login.test/token', clientId: 'app', clientSecret: 'hunter2-secret' };
const OAUTH: Credentials = { way: 'oauth', client: CLIENT };
const OK = answered(200, 'fine');
const REFUSED = answered(401, 'no');

/** Makes the request, with an address that shows what was allowed to be used. */
async function ask(credentials: Credentials, answers: readonly TargetResponse[], tokens: readonly AccessToken[] = []) {
  const { target, sent, asked } = fakeTarget({ answers, tokens });
  const build = ({ headers, instanceUrl = 'https://default.test' }: Authorization) =>
    ({ method: 'GET', url: `${instanceUrl}/x`, headers }) as const;
  return { answer: await authorizedRequest(target, credentials, build), sent, asked };
}

it.each<[string, Credentials, object]>([
  ['nothing', { way: 'none' }, {}],
  ['a bearer token', bearer('t0ken'), { authorization: 'Bearer t0ken' }],
  ['an own header', { way: 'header', name: 'x-api-key', value: 'k' }, { 'x-api-key': 'k' }],
  [
    'user name and password',
    { way: 'basic', username: 'Zoë', password: 'a:b' },
    { authorization: `Basic ${Buffer.from('Zoë:a:b').toString('base64')}` },
  ],
])('proves itself with %s', async (_what, credentials, headers) => {
  const { answer, sent } = await ask(credentials, [OK]);
  expect(answer).toEqual({ ok: true, value: OK });
  expect(sent).toEqual([{ method: 'GET', url: 'https://default.test/x', headers }]);
});

describe('with OAuth', () => {
  it('asks for a token, and speaks to the address it is for', async () => {
    const tokens: AccessToken[] = [{ ok: true, token: 't1', instanceUrl: 'https://mine.test' }];
    const { answer, sent, asked } = await ask(OAUTH, [OK], tokens);
    expect(answer).toEqual({ ok: true, value: OK });
    expect(sent).toEqual([{ method: 'GET', url: 'https://mine.test/x', headers: { authorization: 'Bearer t1' } }]);
    expect(asked).toEqual([{ client: CLIENT, refused: undefined }]);
  });

  it('renews a refused token once', async () => {
    const tokens: AccessToken[] = [
      { ok: true, token: 't1' },
      { ok: true, token: 't2' },
    ];
    const { answer, sent, asked } = await ask(OAUTH, [REFUSED, OK], tokens);
    expect(answer).toEqual({ ok: true, value: OK });
    expect(sent.map(({ headers }) => headers?.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
    expect(asked.map(({ refused }) => refused)).toEqual([undefined, 't1']);
  });

  it('takes a 403 for a refused token only where the target may mean that', async () => {
    const tokens: AccessToken[] = [
      { ok: true, token: 't1' },
      { ok: true, token: 't2' },
    ];
    const forbidden = answered(403, 'no');
    expect((await ask(OAUTH, [forbidden], tokens)).answer).toEqual({ ok: true, value: forbidden });
    const { answer, sent } = await ask({ ...OAUTH, isRefusedBy403: true }, [forbidden, OK], tokens);
    expect(answer).toEqual({ ok: true, value: OK });
    expect(sent).toHaveLength(2);
  });

  it('takes a 403 of a young token for what it says', async () => {
    const tokens: AccessToken[] = [
      { ok: true, token: 't1' },
      { ok: true, token: 't1' },
    ];
    const forbidden = answered(403, 'no');
    const { answer, sent } = await ask({ ...OAUTH, isRefusedBy403: true }, [forbidden], tokens);
    expect(answer).toEqual({ ok: true, value: forbidden });
    expect(sent).toHaveLength(1);
  });

  it('lets a second refusal stand', async () => {
    const tokens: AccessToken[] = [
      { ok: true, token: 't1' },
      { ok: true, token: 't2' },
    ];
    const { answer, sent } = await ask(OAUTH, [REFUSED, REFUSED], tokens);
    expect(answer).toEqual({ ok: true, value: REFUSED });
    expect(sent).toHaveLength(2);
  });

  it.each<[string, AccessToken, object]>([
    ['refused', { ok: false, refused: true, code: 'x' }, { outcome: 'auth', code: 'target_unauthorized' }],
    [
      'silent',
      { ok: false, refused: false, code: 'token_endpoint_timeout' },
      { outcome: 'unreachable', code: 'token_endpoint_timeout' },
    ],
    [
      'in want of rest',
      { ok: false, refused: false, code: 'token_endpoint_status_429', retryAfterMs: 120_000 },
      { outcome: 'throttled', code: 'token_endpoint_status_429', retryAfterMs: 120_000 },
    ],
  ])('sends nothing when the token server is %s', async (_what, token, failure) => {
    const { answer, sent } = await ask(OAUTH, [], [token]);
    expect(answer).toEqual({ ok: false, failure });
    expect(sent).toEqual([]);
  });

  it('fails as the token server does when the renewal is refused', async () => {
    const tokens: AccessToken[] = [
      { ok: true, token: 't1' },
      { ok: false, refused: true, code: 'x' },
    ];
    const { answer, sent } = await ask(OAUTH, [REFUSED], tokens);
    expect(answer).toEqual({ ok: false, failure: { outcome: 'auth', code: 'target_unauthorized' } });
    expect(sent).toHaveLength(1);
  });
});

it('a refused token that cannot be renewed is not tried again', async () => {
  const { answer, sent } = await ask(bearer('t0ken'), [REFUSED]);
  expect(answer).toEqual({ ok: true, value: REFUSED });
  expect(sent).toHaveLength(1);
});

it.each<TargetResponse>([
  { kind: 'held', retryAfterMs: 5 },
  { kind: 'lost', code: 'timeout' },
  { kind: 'unreachable', code: 'enotfound', permanent: false },
])('hands on what brought no answer: %j', async (response) => {
  const { answer } = await ask({ way: 'none' }, [response]);
  expect(answer).toEqual({ ok: true, value: response });
});
