import { fixture } from '../../test/support/fixtures.js';
import { parseTenantState, type TenantState } from './tenant-state.js';

const KEY = 'route-1';
const HOST = 'demo-configeditor.co.sandbox.socotra.com';
const SETTINGS = { target: 'rest', 'api-url': 'https://crm.test/in', auth: 'none' };

function jwt(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.signature`;
}

function parsed(body: unknown, key = KEY): TenantState {
  const state = parseTenantState(body, key);
  if (state === undefined) throw new Error('No state was read.');
  return state;
}

function stateBody(parts: Readonly<Record<string, unknown>> = {}) {
  return { settings: SETTINGS, tenantHostName: HOST, socotraApiUrl: 'https://core.test', token: 'token', ...parts };
}

describe('a State API answer', () => {
  it('is read with all it says', () => {
    const state = parsed(fixture('state/state.full.json'));
    expect(state).toMatchObject({
      tenant: expect.stringMatching(/^[0-9a-f]{12}$/),
      core: { apiUrl: 'https://api.sandbox.socotra.com', token: 'REDACTED.FIXTURE.TOKEN' },
      timeZone: 'UTC',
      settings: { ok: false },
    });
    expect(state.mappings.map(({ productName }) => productName)).toEqual(['policyholders', 'personal-auto']);
    expect(state.mappings[0]?.fields['customer-first-name']).toBe("policyholder.fields[?(@.name=='first_name')]");
  });

  it('may lack mappings and settings', () => {
    const state = parsed(fixture('state/state.minimal.json'));
    expect(state).toMatchObject({ mappings: [], settings: { ok: false }, core: { token: 'REDACTED.FIXTURE.TOKEN' } });
    expect(state.tenant).toBe(parsed(fixture('state/state.full.json')).tenant);
  });

  it('may be empty', () => {
    expect(parsed({})).toEqual({
      tenant: expect.stringMatching(/^[0-9a-f]{12}$/),
      settings: { ok: false, problems: [expect.stringContaining('Choose a target system')] },
      mappings: [],
      timeZone: 'UTC',
      fingerprint: expect.any(String),
    });
  });

  it.each([
    ['null', null],
    ['a text', 'state'],
    ['a list', [{}]],
    ['nothing', undefined],
    ['a number', 1],
  ])('that is %s is no state', (_what, body) => {
    expect(parseTenantState(body, KEY)).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, unknown>>, TenantState['core']]>([
    ['trailing slashes', { socotraApiUrl: 'https://core.test//' }, { apiUrl: 'https://core.test', token: 'token' }],
    ['blanks', { socotraApiUrl: ' https://core.test ', token: ' t ' }, { apiUrl: 'https://core.test', token: 't' }],
    ['no token', { token: undefined }, undefined],
    ['an empty token', { token: ' ' }, undefined],
    ['no address', { socotraApiUrl: undefined }, undefined],
    ['an address of another type', { socotraApiUrl: 1 }, undefined],
  ])('with %s has its way to Core', (_what, parts, core) => {
    expect(parsed(stateBody(parts)).core).toEqual(core);
  });

  it.each<[string, unknown, number]>([
    ['is no list', { productName: 'p', fields: {} }, 0],
    ['has entries that are none', [null, 1, 'p', [], {}, { productName: 1 }], 0],
    ['has an entry without fields', [{ productName: 'p' }], 1],
    ['has fields that are a list', [{ productName: 'p', fields: ['x'] }], 1],
  ])('whose mapping %s is still read', (_what, mappings, count) => {
    const state = parsed(stateBody({ mappings }));
    expect(state.mappings).toEqual(Array(count).fill({ productName: 'p', fields: {} }));
  });

  it('keeps only texts of settings and paths', () => {
    const fields = { a: 'path', b: null, c: 1, d: ['path'] };
    expect(parsed(stateBody({ mappings: [{ productName: 'p', fields }] })).mappings[0]?.fields).toEqual({ a: 'path' });
    expect(parsed(stateBody({ settings: { ...SETTINGS, auth: ['bearer'] } })).settings).toMatchObject({ ok: false });
    expect(parsed(stateBody({ settings: [] })).settings).toMatchObject({ ok: false });
  });
});

describe('the name of the tenant', () => {
  const claims = { 'tenant.uuid': 'uuid-1' };

  it('comes from its host name, whatever the key and the token', () => {
    const { tenant } = parsed(stateBody());
    expect(parsed(stateBody({ token: jwt(claims) }), 'route-2').tenant).toBe(tenant);
    expect(parsed(stateBody({ tenantHostName: 'other.test' })).tenant).not.toBe(tenant);
    expect(tenant).not.toContain('demo');
  });

  it('comes from the token without a host name, and from the key without either', () => {
    const nameless = { tenantHostName: undefined };
    const byToken = parsed(stateBody({ ...nameless, token: jwt(claims) })).tenant;
    expect(parsed(stateBody({ ...nameless, token: jwt({ tenant: { uuid: 'uuid-1' } }) }), 'route-2').tenant).toBe(
      byToken,
    );
    const byKey = parsed(stateBody(nameless)).tenant;
    expect(parsed(stateBody(nameless)).tenant).toBe(byKey);
    expect(parsed(stateBody(nameless), 'route-2').tenant).not.toBe(byKey);
    expect(byKey).not.toBe(byToken);
  });
});

it.each<[string, string, string]>([
  ['a flat claim', jwt({ 'tenant.timezone': 'America/Los_Angeles' }), 'America/Los_Angeles'],
  ['a nested claim', jwt({ tenant: { timezone: 'Europe/Berlin' } }), 'Europe/Berlin'],
  ['no claim', jwt({ sub: 'x' }), 'UTC'],
  ['an unknown zone', jwt({ 'tenant.timezone': 'Mars/Olympus_Mons' }), 'UTC'],
  ['a zone of another type', jwt({ 'tenant.timezone': 1 }), 'UTC'],
  ['an empty zone', jwt({ 'tenant.timezone': '' }), 'UTC'],
  ['a tenant claim that is a text', jwt({ tenant: 'demo' }), 'UTC'],
  ['claims that are a list', jwt([]), 'UTC'],
  ['claims that are null', jwt(null), 'UTC'],
  ['a token without claims', 'opaque', 'UTC'],
  ['a token with something else inside', 'a.b.c', 'UTC'],
])('the time zone from %s', (_what, token, timeZone) => {
  expect(parsed(stateBody({ token })).timeZone).toBe(timeZone);
});

describe('the fingerprint', () => {
  const { fingerprint } = parsed(stateBody());

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a new token', { token: 'another' }],
    ['the order of the settings', { settings: Object.fromEntries(Object.entries(SETTINGS).reverse()) }],
    ['members nobody reads', { something: 'new' }],
  ])('stays with %s', (_what, parts) => {
    expect(parsed(stateBody(parts)).fingerprint).toBe(fingerprint);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a changed setting', { settings: { ...SETTINGS, 'api-url': 'https://crm.test/other' } }],
    ['a new setting', { settings: { ...SETTINGS, 'signing-secret': 'x' } }],
    ['a setting taken away', { settings: { target: 'rest' } }],
    ['another Core', { socotraApiUrl: 'https://other.test' }],
    ['a changed mapping', { mappings: [{ productName: 'p', fields: { a: 'b' } }] }],
  ])('changes with %s', (_what, parts) => {
    expect(parsed(stateBody(parts)).fingerprint).not.toBe(fingerprint);
  });

  it('tells nothing of the secrets in it', () => {
    const state = parsed(stateBody({ settings: { ...SETTINGS, 'api-token': 'hunter2' } }));
    expect(state.fingerprint).toMatch(/^[0-9a-f]{12}$/);
  });
});
