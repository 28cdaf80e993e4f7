import { answered, fakeTarget } from '../../../test/support/fake-target.ts';
import type { HttpRequest, HttpResponse } from '../../http/exchange.js';
import type { Target, TargetResponse } from '../connector.js';
import { salesforceConnector } from './salesforce.connector.js';
import { definitionOf, type ObjectName, OBJECTS_OF } from './salesforce.objects.js';
import { orgs } from './salesforce.org.js';

type Field = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, Field | undefined>>;

const SECRET = 'hunter2-very-secret';
const INSTANCE = 'https://acme-elsewhere.my.salesforce.com';
const STATUSES = [
  { value: 'Prospecting', active: true },
  { value: 'New', active: true },
  { value: 'Completed', active: true },
];

/** Every field of the table, as an administrator who did everything right would have it. */
function fieldsOf(object: ObjectName): Fields {
  const { standard, own, relations } = definitionOf(object);
  const names = [...Object.keys(standard), ...Object.keys(own), ...Object.values(relations).map(({ field }) => field)];
  const field = (name: string): Field => ({
    name,
    type: 'string',
    length: 255,
    createable: true,
    updateable: true,
    externalId: name === 'Socotra_Key__c',
    unique: name === 'Socotra_Key__c',
    picklistValues: name === 'Status' || name === 'StageName' ? STATUSES : [],
  });
  return Object.fromEntries(names.map((name) => [name, field(name)]));
}

/** An org without Financial Services Cloud; `changes` are merged into an object's fields, undefined hides them. */
function targetOf(changes: Readonly<Partial<Record<ObjectName, Fields | 'hidden'>>>, limits?: TargetResponse) {
  const respond = ({ url }: HttpRequest): TargetResponse => {
    const object = OBJECTS_OF.plain.find((name) => url.endsWith(`/sobjects/${name}/describe`));
    if (url.endsWith('/limits')) return limits ?? answered(200, { DailyApiRequests: { Max: 100, Remaining: 20 } });
    if (url.includes('/query?q=')) {
      return url.includes('OpportunityStage')
        ? answered(400, [{ errorCode: 'INVALID_TYPE', message: 'no' }])
        : answered(200, { records: [{ Id: '00D', ApiName: 'New', IsClosed: false }] });
    }
    const change = object && changes[object];
    if (object === undefined || change === 'hidden') return answered(404, [{ errorCode: 'NOT_FOUND', message: 'x' }]);
    const fields = Object.values({ ...fieldsOf(object), ...change }).filter((field) => field !== undefined);
    return answered(200, { name: object, fields });
  };
  return fakeTarget({
    settings: { 'api-url': 'https://acme.my.salesforce.com/', 'client-id': 'id', 'client-secret': SECRET },
    answers: respond,
    tokens: () => ({ ok: true, token: 't1', instanceUrl: INSTANCE }),
  });
}

const key = (more: Field): Fields => ({ Socotra_Key__c: { ...fieldsOf('Case').Socotra_Key__c, ...more } });
const start = (target: Target) => salesforceConnector.ensureSchema?.(target);

it('every request goes to the address that came with the token', async () => {
  const { target, sent } = targetOf({});
  await salesforceConnector.verify(target);
  await start(target);
  expect(sent.length).toBeGreaterThan(8);
  for (const { method, url, headers } of sent) {
    expect(method).toBe('GET');
    expect(url.startsWith(`${INSTANCE}/services/data/v67.0/`)).toBe(true);
    expect(headers).toMatchObject({ authorization: 'Bearer t1', accept: 'application/json' });
  }
});

describe('the key', () => {
  it.each<[string, Fields, string]>([
    ['is missing', { Socotra_Key__c: undefined }, 'Case.Socotra_Key__c is missing or hidden.'],
    ['is not unique', key({ unique: false }), 'Case.Socotra_Key__c must be an external id and unique.'],
    ['is no external id', key({ externalId: false }), 'Case.Socotra_Key__c must be an external id and unique.'],
    ['cannot be written', key({ createable: false }), 'Case.Socotra_Key__c must be editable.'],
    ['cannot be changed', key({ updateable: false }), 'Case.Socotra_Key__c must be editable.'],
  ])('stops Start when it %s', async (_what, change, sentence) => {
    const said = await start(targetOf({ Case: change }).target);
    expect(said).toMatchObject({ ok: false, cause: 'settings', code: 'salesforce_package_incomplete' });
    expect(said).toHaveProperty('message', expect.stringContaining(sentence));
    expect(said).toHaveProperty('message', expect.stringContaining('Deploy the package in salesforce/'));
  });

  it.each<ObjectName>(['Account', 'Socotra_Policy__c'])('stops Start when %s is hidden', async (object) => {
    const said = await start(targetOf({ [object]: 'hidden' }).target);
    expect(said).toHaveProperty('message', expect.stringContaining(`The object ${object} is missing or hidden.`));
  });
});

describe('what Start warns of', () => {
  const warningsOf = async (changes: Parameters<typeof targetOf>[0]) => {
    const said = await start(targetOf(changes).target);
    expect(said).toMatchObject({ ok: true });
    return said?.ok === true ? (said.warnings ?? []) : [];
  };
  const CASES_NEVER_CLOSE = 'Case has no status that means closed: it is left to Salesforce.';
  const TASKS_NEVER_CLOSE = 'Task has no status that means closed: it is left to Salesforce.';
  const NO_STAGES = 'Opportunity has no stage that means won or lost: it is left to Salesforce.';

  it('statuses that the org does not have', async () => {
    // The meaning of stages cannot be read in this org, so only the usual names count.
    expect(await warningsOf({})).toEqual([NO_STAGES, CASES_NEVER_CLOSE, expect.stringContaining('Task')]);
  });

  it('a field of ours that is hidden or read-only', async () => {
    const readOnly = { ...fieldsOf('Case').Socotra_Cause__c, updateable: false };
    const changes = { Case: { Socotra_Cause__c: readOnly }, Socotra_Policy__c: { Taxes__c: undefined } };
    const [first] = await warningsOf(changes);
    expect(first).toContain('stay empty: Socotra_Policy__c.Taxes__c, Case.Socotra_Cause__c.');
  });

  it('a standard object that the user does not see', async () => {
    const warnings = await warningsOf({ Opportunity: 'hidden', Task: 'hidden' });
    const hidden = (name: string) =>
      `The integration user does not see the object ${name}: what belongs there is refused.`;
    expect(warnings).toEqual([hidden('Opportunity'), hidden('Task'), CASES_NEVER_CLOSE]);
    expect(warnings).not.toContain(TASKS_NEVER_CLOSE);
  });
});

it('a page that says 404 is not taken for an org without the object', async () => {
  const { target } = targetOf({});
  const page = answered(404, '<html>404 Not Found</html>');
  const before = target.request;
  const request: Target['request'] = (asked) =>
    asked.url.endsWith('/InsurancePolicy/describe') ? Promise.resolve(page) : before(asked);
  const org = await orgs.get({ ...target, request });
  expect(org).toEqual({ ok: false, failure: { outcome: 'retry', code: 'unknown_answer_404' } });
});

describe('verify', () => {
  const answer = (status: number, body: unknown): HttpResponse => {
    return { kind: 'answer', status, headers: {}, body: JSON.stringify(body) };
  };
  const allowance = (left: number) => answer(200, { DailyApiRequests: { Max: 100, Remaining: left } });
  it.each<[string, TargetResponse, object]>([
    ['enough calls', allowance(20), { ok: true }],
    ['few calls left', allowance(19), { ok: true, warnings: [expect.stringContaining('80 percent')] }],
    ['no numbers', answer(200, {}), { ok: true }],
    [
      'no calls left',
      answer(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }]),
      { ok: false, cause: 'resting', message: expect.stringContaining('wants a pause') },
    ],
    [
      'a connection that rests',
      { kind: 'held', retryAfterMs: 5 },
      { ok: false, cause: 'resting', message: expect.stringContaining('used up, or nearly') },
    ],
    [
      'maintenance',
      { kind: 'answer', status: 503, headers: { 'retry-after': '60' }, body: '' },
      { ok: false, cause: 'resting', code: 'status_503', message: expect.stringMatching(/^The target asks for rest/) },
    ],
    [
      'a retired version',
      answer(410, []),
      { ok: false, cause: 'settings', code: 'api_version_retired', message: expect.stringContaining('67.0') },
    ],
    [
      'a refused token',
      answer(401, [{ errorCode: 'INVALID_SESSION_ID', message: SECRET }]),
      { ok: false, cause: 'settings', message: expect.stringContaining('client-credentials') },
    ],
    [
      'an API that is off',
      answer(403, [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'x' }]),
      { ok: false, cause: 'settings', message: expect.stringContaining('API access') },
    ],
    ['a broken server', answer(500, {}), { ok: false, cause: 'unreachable' }],
  ])('with %s', async (_what, limits, expected) => {
    const said = await salesforceConnector.verify(targetOf({}, limits).target);
    expect(said).toMatchObject(expected);
    expect(JSON.stringify(said)).not.toContain(SECRET);
    if (said.ok && !('warnings' in expected)) expect(said.warnings).toBeUndefined();
  });

  it.each([
    ['token_endpoint_status_404', 'settings'],
    ['token_endpoint_status_301', 'settings'],
    ['token_endpoint_answer_unreadable', 'settings'],
    ['token_endpoint_status_503', 'unreachable'],
    ['token_endpoint_timeout', 'unreachable'],
  ] as const)('without a token (%s) it is a matter of the %s', async (code, cause) => {
    const accessToken = () => Promise.resolve({ ok: false, refused: false, code } as const);
    const said = await salesforceConnector.verify({ ...targetOf({}).target, accessToken });
    expect(said).toMatchObject({ ok: false, cause });
    expect(JSON.stringify(said).includes('My Domain')).toBe(cause === 'settings');
  });
});

it.each([
  ['left empty', undefined, 'The address leads into a private network'],
  ['set', 'https://t.test/token', '"OAuth token address" leads into a private network'],
])('a token address that is %s: the mistake is in the one that was filled in', async (_what, tokenUrl, words) => {
  const code = 'token_endpoint_private_address_refused';
  const accessToken = () => Promise.resolve({ ok: false, refused: false, code } as const);
  const { target } = targetOf({});
  const settings = { ...target.settings, ...(tokenUrl !== undefined && { 'token-url': tokenUrl }) };
  const said = await salesforceConnector.verify({ ...target, settings, accessToken });
  expect(said).toMatchObject({ ok: false, cause: 'settings', message: expect.stringContaining(words) });
});

describe('what is kept of an object', () => {
  const own = (name: string, more: Field = {}): Fields => ({
    [name]: { ...fieldsOf('Case').Subject, name, type: 'picklist', length: 0, picklistValues: STATUSES, ...more },
  });
  const learnt = async () => {
    const change = {
      ...own('One__c'),
      ...own('Other__c'),
      ...own('Sum__c', { updateable: false }),
      ...own('constructor'),
    };
    const { target } = targetOf({ Case: change });
    const org = await orgs.get(target);
    return org.ok ? org.value.objects.get('Case') : undefined;
  };

  it('is every field of the table, with the choices of the picklists that are chosen from', async () => {
    const kept = await learnt();
    expect([...(kept?.keys() ?? [])]).toEqual(expect.arrayContaining(Object.keys(fieldsOf('Case'))));
    expect(kept?.get('Status')?.values).toEqual(['Prospecting', 'New', 'Completed']);
    expect(kept?.get('Socotra_Key__c')).toMatchObject({ externalId: true, unique: true });
  });

  it('is of another field only how it is written, once for all that are alike', async () => {
    const kept = await learnt();
    expect(kept?.get('One__c')).toEqual({
      type: 'picklist',
      length: 0,
      externalId: false,
      unique: false,
      writable: true,
      values: [],
    });
    expect(kept?.get('Other__c')).toBe(kept?.get('One__c'));
    expect(kept?.get('constructor')).toBe(kept?.get('One__c'));
    expect(kept?.has('Sum__c')).toBe(false);
  });
});

it('learns no more of an org than Salesforce can have in it', async () => {
  const own = (name: string, more: Field = {}): Fields => ({ [name]: { ...fieldsOf('Case').Subject, name, ...more } });
  const many = Array.from({ length: 3_000 }, (_, index) => own(`Own_${index}__c`));
  const long = 'x'.repeat(256);
  const { target } = targetOf({
    Case: Object.assign({}, own(long), own('Long_Type__c', { type: long }), ...many),
    Task: own('Status', { picklistValues: [{ value: long, active: true }, ...STATUSES] }),
  });
  const org = await orgs.get(target);
  const { objects } = org.ok ? org.value : { objects: new Map() };
  expect(objects.get('Case')?.has('Own_0__c')).toBe(true);
  expect(objects.get('Case')?.size).toBeLessThanOrEqual(2_000);
  expect([long, 'Long_Type__c'].map((name) => objects.get('Case')?.has(name))).toEqual([false, false]);
  expect(objects.get('Task')?.get('Status')?.values).toEqual(STATUSES.map(({ value }) => value));
});
