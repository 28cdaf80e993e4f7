import { readTenantSettings, type TenantSettings } from './tenant-settings.js';

type Raw = Readonly<Record<string, string>>;

const AVAILABLE = 'HubSpot, Salesforce, Odoo, Any REST API';
const SECRET = 'hunter2-very-secret';
const REST: Raw = { target: 'rest', 'api-url': 'https://crm.test/in', 'api-token': 'token' };

function problemsOf(raw: Raw): readonly string[] {
  const reading = readTenantSettings(raw);
  return reading.ok ? [] : reading.problems;
}

function settingsOf(raw: Raw): TenantSettings {
  const reading = readTenantSettings(raw);
  if (reading.ok) return reading.settings;
  throw new Error(reading.problems.join(' '));
}

describe('usable settings', () => {
  it('have defaults for all but the target and its own', () => {
    const { connector, ...settings } = settingsOf(REST);
    expect(connector.id).toBe('rest');
    expect(settings).toEqual({
      connection: expect.stringMatching(/^[0-9a-f]{16}$/),
      profile: 'all',
      environment: 'production',
      startCheck: 'strict',
      backfill: 'none',
      customTargets: [],
      values: { 'api-url': 'https://crm.test/in', 'api-token': 'token' },
    });
  });

  it.each<[Raw, Partial<TenantSettings>]>([
    [{ profile: 'crm' }, { profile: 'crm' }],
    [{ profile: 'erp' }, { profile: 'erp' }],
    [{ profile: ' ' }, { profile: 'all' }],
    [{ environment: 'sandbox' }, { environment: 'sandbox' }],
    [{ environment: '' }, { environment: 'production' }],
    [{ 'start-check': 'lenient' }, { startCheck: 'lenient' }],
    [{ backfill: '1d' }, { backfill: '1d' }],
    [{ backfill: '7d' }, { backfill: '7d' }],
    [{ backfill: '30d' }, { backfill: '30d' }],
    [
      { 'custom-1-field': 'policy.agentCode', 'custom-10-field': ' claim_item.Own_1 ' },
      {
        customTargets: [
          { source: 'custom-1', kind: 'policy', field: 'agentCode' },
          { source: 'custom-10', kind: 'claim_item', field: 'Own_1' },
        ],
      },
    ],
  ])('%j', (raw, expected) => {
    expect(settingsOf({ ...REST, ...raw })).toMatchObject(expected);
  });

  it('hand a connector its own declared settings only', () => {
    const raw = { ...REST, 'signing-secret': '', 'somebody-elses': SECRET, profile: 'crm' };
    expect(settingsOf(raw).values).toEqual({ 'api-url': 'https://crm.test/in', 'api-token': 'token' });
  });
});

describe('the connection', () => {
  const { connection } = settingsOf(REST);

  it.each<[string, boolean, Raw]>([
    ['another token', true, { 'api-token': 'new' }],
    ['another profile', true, { profile: 'erp' }],
    ['another address', false, { 'api-url': 'https://crm.test/other' }],
    ['another account', false, { account: '7' }],
  ])('with %s is the same: %s', (_what, same, raw) => {
    expect(settingsOf({ ...REST, ...raw }).connection === connection).toBe(same);
  });
});

describe('settings that do not work', () => {
  const CUSTOM =
    '"Target field of own field 3" must be kind.field, for example policy.agentCode; the kinds are party, policy, ' +
    'quote, policy_change, invoice, claim, payment, claim_item, premium_row, activity.';

  it.each<[string, Raw, readonly string[]]>([
    ['nothing', {}, [`Choose a target system (available: ${AVAILABLE}).`]],
    ['a blank target', { target: '  ' }, [`Choose a target system (available: ${AVAILABLE}).`]],
    ['an unknown target', { target: 'sap' }, [`The target is not known; choose one of: ${AVAILABLE}.`]],
    ['a member of every object', { target: 'constructor' }, [`The target is not known; choose one of: ${AVAILABLE}.`]],
    ['a REST target without address', { target: 'rest', auth: 'none' }, ['"Address" is missing.']],
    [
      'a choice that is none',
      { ...REST, profile: 'CRM' },
      ['"What to sync" must be one of: CRM: sales and service, ERP: billing, Everything.'],
    ],
    ['another environment', { ...REST, environment: 'test' }, ['"Environment" must be one of: Production, Sandbox.']],
    [
      'another start check',
      { ...REST, 'start-check': 'no' },
      [
        '"When the target cannot be reached at Start" must be one of: ' +
          'Strict: refuse to start, Lenient: start and keep trying.',
      ],
    ],
    [
      'another backfill',
      { ...REST, backfill: '2d' },
      ['"Events to fetch at the first start" must be one of: None, Last day, Last 7 days, Last 30 days.'],
    ],
    [
      'another way to authenticate',
      { ...REST, auth: 'magic' },
      [
        '"Authentication" must be one of: Bearer token, Own header, User name and password, ' +
          'OAuth 2.0 client credentials, None (signature only).',
      ],
    ],
    ['an own field without kind', { ...REST, 'custom-3-field': 'agentCode' }, [CUSTOM]],
    ['an own field of an unknown kind', { ...REST, 'custom-3-field': 'deal.agentCode' }, [CUSTOM]],
    ['an own field without name', { ...REST, 'custom-3-field': 'policy.' }, [CUSTOM]],
    ['an own field with a path', { ...REST, 'custom-3-field': 'policy.a.b' }, [CUSTOM]],
    [
      'what only the connector sees',
      { target: 'rest', 'api-url': 'https://crm.test' },
      [expect.stringContaining('"Token"')],
    ],
  ])('%s', (_what, raw, problems) => {
    expect(problemsOf(raw)).toEqual(problems);
  });

  it.each([
    ['dynamics365', 'Microsoft Dynamics 365'],
    ['netsuite', 'Oracle NetSuite'],
    ['quickbooks', 'QuickBooks Online'],
  ])('the planned target %s is refused in words', (target, label) => {
    expect(problemsOf({ target })).toEqual([`${label} is not available yet; choose one of: ${AVAILABLE}.`]);
  });

  it('are all said at once', () => {
    const problems = problemsOf({ target: 'rest', profile: 'x', environment: 'x', auth: 'x', 'custom-3-field': 'x' });
    expect(problems).toHaveLength(5);
  });

  it.each(['target', 'profile', 'environment', 'start-check', 'backfill', 'auth', 'custom-1-field', 'api-url'])(
    'never repeat what stands in %s: it may be a secret in the wrong field',
    (name) => {
      const problems = problemsOf({ ...REST, [name]: SECRET });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain(SECRET);
    },
  );
});
