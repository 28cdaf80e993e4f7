import { checkRestSettings } from './rest.settings.js';

type Settings = Readonly<Record<string, string>>;

const SECRET = 'hunter2-very-secret';
const GOOD_SIGNING_SECRET = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const URL_ONLY = { 'api-url': 'https://crm.test/in' };
const NO_AUTH = { ...URL_ONLY, auth: 'none' };
const HEADER = { ...URL_ONLY, auth: 'header', 'api-token': 'token' };
const OAUTH = { ...URL_ONLY, auth: 'oauth2-client-credentials', 'client-id': 'a', 'client-secret': 'b' };

describe('settings that work together', () => {
  it.each<[string, Settings]>([
    ['bearer, which is the default', { ...URL_ONLY, 'api-token': 'token' }],
    ['bearer by name', { ...URL_ONLY, auth: 'bearer', 'api-token': 'token' }],
    ['an own header', { ...HEADER, username: 'X-Api-Key' }],
    ['authorization as an own header', { ...HEADER, username: 'Authorization' }],
    ['a password', { ...URL_ONLY, auth: 'basic', username: 'app', 'client-secret': 'p: ü' }],
    ['OAuth', { ...OAUTH, 'token-url': 'https://login.test/token' }],
    ['none', NO_AUTH],
    ['a signature', { ...NO_AUTH, 'signing-secret': GOOD_SIGNING_SECRET }],
    ['one record in a request', { ...NO_AUTH, 'batch-size': '1' }],
    ['as many records in a request as there may be', { ...NO_AUTH, 'batch-size': '100' }],
    ['plain http, which the operator may have opened', { ...NO_AUTH, 'api-url': 'http://127.0.0.1:9/in' }],
    ['what another way would need', { ...NO_AUTH, 'client-id': 'a', username: 'b' }],
  ])('%s', (_what, settings) => {
    expect(checkRestSettings(settings)).toEqual([]);
  });
});

describe('settings that do not', () => {
  const missing = (title: string) => `"${title}" is missing: this kind of authentication needs it.`;
  const ADDRESS = '"Address" must be a full https address without user name or password in it.';
  const HEADER_PROBLEM =
    '"User name or header name" must be the name of a header that is free to use, for example X-Api-Key.';

  it.each<[string, Settings, readonly string[]]>([
    ['no token', URL_ONLY, [missing('Token')]],
    ['no header', { ...URL_ONLY, auth: 'header' }, [missing('User name or header name'), missing('Token')]],
    [
      'no user',
      { ...URL_ONLY, auth: 'basic' },
      [missing('User name or header name'), missing('OAuth client secret or password')],
    ],
    [
      'no client',
      { ...URL_ONLY, auth: 'oauth2-client-credentials' },
      [missing('OAuth token address'), missing('OAuth client id'), missing('OAuth client secret or password')],
    ],
    ['a name instead of an address', { ...NO_AUTH, 'api-url': 'crm.test/in' }, [ADDRESS]],
    ['another scheme', { ...NO_AUTH, 'api-url': 'ftp://crm.test/in' }, [ADDRESS]],
    ['a user in the address', { ...NO_AUTH, 'api-url': `https://${SECRET}@crm.test/` }, [ADDRESS]],
    ['a password in the address', { ...NO_AUTH, 'api-url': `https://:${SECRET}@crm.test/` }, [ADDRESS]],
    [
      'a token address that is none',
      { ...OAUTH, 'token-url': SECRET },
      ['"OAuth token address" must be a full https address without user name or password in it.'],
    ],
    ...[
      'Content-Type',
      'host',
      'Content-Length',
      'connection',
      'transfer-encoding',
      'keep-alive',
      'upgrade',
      'expect',
      'Idempotency-Key',
      'Webhook-Id',
      'webhook-timestamp',
      'webhook-signature',
      '__proto__',
      'X Api Key',
      'X-Api-Key:',
      'ключ',
      'x'.repeat(65),
    ].map((username): [string, Settings, readonly string[]] => [
      `the header ${username}`,
      { ...HEADER, username },
      [HEADER_PROBLEM],
    ]),
    ...[`${SECRET}\n`, `${SECRET}\r\nx: y`, `${SECRET}\u0000`, `${SECRET}é`].map(
      (token): [string, Settings, readonly string[]] => [
        `the token ${JSON.stringify(token)}`,
        { ...URL_ONLY, 'api-token': token },
        ['"Token" contains characters that no header can carry: copy it again.'],
      ],
    ),
    [
      'a signing secret without its beginning',
      { ...NO_AUTH, 'signing-secret': SECRET },
      ['"Signing secret" must be whsec_ followed by at least 16 base64 characters.'],
    ],
    ...['0', '101', '-1', '1.5', '1e1', '05', ' 5', 'many', '٥'].map((size): [string, Settings, readonly string[]] => [
      `${JSON.stringify(size)} records in a request`,
      { ...NO_AUTH, 'batch-size': size },
      ['"Records in one request" must be a whole number from 1 to 100.'],
    ]),
    [
      'all at once',
      { auth: 'basic', 'api-url': 'x', 'signing-secret': 'x' },
      [
        missing('User name or header name'),
        missing('OAuth client secret or password'),
        ADDRESS,
        '"Signing secret" must be whsec_ followed by at least 16 base64 characters.',
      ],
    ],
  ])('%s', (_what, settings, problems) => {
    expect(checkRestSettings(settings)).toEqual(problems);
    expect(problems.join()).not.toContain(SECRET);
  });
});
