import { objectOf, objectsOf, parseJson, type JsonObject, type JsonValue } from '../../http/json.ts';
import type { TargetStandIn } from '../target-stand-in.ts';
import { type SalesforceOptions, startSalesforce } from './salesforce.ts';

/** The emulated org is strict: it refuses what the documentation says that a real one refuses. */

const open: TargetStandIn[] = [];
afterEach(async () => {
  for (const standIn of open.splice(0)) await standIn.close();
});

interface Answer {
  readonly status: number;
  readonly json: JsonValue;
}

async function signedIn(options: SalesforceOptions = {}) {
  const standIn = await startSalesforce(options);
  open.push(standIn);
  const base = standIn.settings['api-url'] ?? '';
  const grant = async (secret = standIn.settings['client-secret'] ?? ''): Promise<Answer> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: standIn.settings['client-id'] ?? '',
      client_secret: secret,
    });
    return read(await fetch(`${base}/services/oauth2/token`, { method: 'POST', body }));
  };
  let token = String(objectOf((await grant()).json).access_token);
  const ask = async (method: string, path: string, body?: JsonValue): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return read(await fetch(`${base}/services/data/v67.0${path}`, init));
  };
  const upsert = (object: string, ...rows: readonly JsonObject[]) => {
    const records = rows.map((row) => ({ attributes: { type: object }, ...row }));
    return ask('PATCH', `/composite/sobjects/${object}/Socotra_Key__c`, { allOrNone: false, records });
  };
  const renew = async () => {
    token = String(objectOf((await grant()).json).access_token);
  };
  return { standIn, grant, ask, upsert, renew };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, json: text === '' ? null : parseJson(text) };
}

const acme = { Socotra_Key__c: 'p-pty-1', Name: 'Acme' };
const first = ({ json }: Answer) => objectsOf(json).at(0) ?? {};
const errorOf = (answer: Answer) => objectsOf(first(answer).errors).at(0) ?? {};

it('a row is created, and then updated, and null clears', async () => {
  const { standIn, upsert } = await signedIn();
  expect(first(await upsert('Account', { ...acme, Phone: '1' }))).toMatchObject({ success: true, created: true });
  expect(first(await upsert('Account', { ...acme, Phone: null }))).toMatchObject({ success: true, created: false });
  expect(standIn.records()).toEqual([
    { kind: 'party', key: 'p-pty-1', id: expect.any(String), fields: { Name: 'Acme' }, tiedTo: [] },
  ]);
});

describe('a row is refused', () => {
  const quote = { Socotra_Key__c: 'p-quo-1', Name: 'Q', StageName: 'Prospecting', CloseDate: '2024-06-01' };
  it.each<[string, SalesforceOptions, string, JsonObject, JsonObject]>([
    ['an unknown field', {}, 'Account', { ...acme, Nope__c: 'x' }, { statusCode: 'INVALID_FIELD', fields: [] }],
    [
      'a read-only field',
      {},
      'Account',
      { ...acme, IsDeleted: true },
      { statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' },
    ],
    [
      'a missing name',
      {},
      'Account',
      { Socotra_Key__c: 'k' },
      { statusCode: 'REQUIRED_FIELD_MISSING', fields: ['Name'] },
    ],
    ['text that is too long', {}, 'Account', { ...acme, Phone: 'x'.repeat(41) }, { statusCode: 'STRING_TOO_LONG' }],
    [
      'an unknown stage',
      { flavour: 'fsc' },
      'Opportunity',
      quote,
      { statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', fields: ['StageName'] },
    ],
    [
      'a bad address',
      {},
      'Contact',
      { Socotra_Key__c: 'k', LastName: 'L', Email: 'nobody' },
      { statusCode: 'INVALID_EMAIL_ADDRESS' },
    ],
    [
      'a missing parent',
      {},
      'Opportunity',
      { ...quote, Account: { Socotra_Key__c: 'p-pty-9' } },
      { statusCode: 'INVALID_FIELD', message: expect.stringContaining('Foreign key external ID: p-pty-9 not found') },
    ],
    [
      'an unknown relation',
      {},
      'Opportunity',
      { ...quote, Acc: { Socotra_Key__c: 'k' } },
      { statusCode: 'INVALID_FIELD' },
    ],
    [
      'a relation to many kinds by key',
      {},
      'Task',
      { Socotra_Key__c: 'p-act-1', What: { Socotra_Key__c: 'p-pty-1' } },
      { statusCode: 'INVALID_FIELD' },
    ],
    [
      'an id that nobody has',
      {},
      'Task',
      { Socotra_Key__c: 'p-act-1', WhatId: '001' },
      { statusCode: 'INVALID_CROSS_REFERENCE_KEY' },
    ],
    [
      'a person without person accounts',
      {},
      'Account',
      { ...acme, LastName: 'L' },
      { statusCode: 'INVALID_FIELD', message: expect.stringContaining("'LastName'") },
    ],
    [
      'a person without its record type',
      { personAccounts: true },
      'Account',
      { Socotra_Key__c: 'k', LastName: 'L' },
      { statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' },
    ],
    ['an id', {}, 'Account', { ...acme, Id: '001' }, { statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' }],
  ])('%s', async (_what, options, object, row, error) => {
    const { standIn, upsert } = await signedIn(options);
    const answer = await upsert(object, row);
    expect(answer.status).toBe(200);
    expect(errorOf(answer)).toMatchObject(error);
    expect(standIn.records()).toEqual([]);
  });

  it('for the same key twice in one call, or at the same time', async () => {
    const { standIn, upsert } = await signedIn();
    const twice = await upsert('Account', acme, acme);
    expect(objectsOf(twice.json).map(({ success }) => success)).toEqual([true, false]);
    const other = { ...acme, Socotra_Key__c: 'p-pty-2' };
    await Promise.all([upsert('Account', other), upsert('Account', other)]);
    expect(standIn.records()).toHaveLength(2);
  });

  it('and costs the others nothing', async () => {
    const { standIn, upsert } = await signedIn();
    await upsert('Account', acme, { ...acme, Socotra_Key__c: 'p-pty-2', Nope__c: 1 });
    expect(standIn.records().map(({ key }) => key)).toEqual(['p-pty-1']);
  });
});

describe('a call is refused', () => {
  const records = [{ attributes: { type: 'Account' }, ...acme }];
  const path = '/composite/sobjects/Account/Socotra_Key__c';
  const many = Array.from({ length: 201 }, (_one, index) => ({ ...records[0], Socotra_Key__c: `k${index}` }));
  it.each<[string, string, string, JsonValue | undefined, number, string]>([
    ['all or none', 'PATCH', path, { allOrNone: true, records }, 400, 'JSON_PARSER_ERROR'],
    ['no rows', 'PATCH', path, { allOrNone: false, records: [] }, 400, 'JSON_PARSER_ERROR'],
    ['an unknown member', 'PATCH', path, { allOrNone: false, records, extra: 1 }, 400, 'JSON_PARSER_ERROR'],
    ['201 rows', 'PATCH', path, { allOrNone: false, records: many }, 400, 'EXCEEDED_ID_LIMIT'],
    [
      'text for an amount',
      'PATCH',
      '/composite/sobjects/Opportunity/Socotra_Key__c',
      { allOrNone: false, records: [{ attributes: { type: 'Opportunity' }, Socotra_Key__c: 'k', Amount: '7' }] },
      400,
      'JSON_PARSER_ERROR',
    ],
    [
      'rows of another object',
      'PATCH',
      path.replace('Account', 'Contact'),
      { allOrNone: false, records },
      400,
      'JSON_PARSER_ERROR',
    ],
    [
      'a key that is none',
      'PATCH',
      path.replace('Socotra_Key__c', 'Name'),
      { allOrNone: false, records },
      400,
      'INVALID_FIELD',
    ],
    [
      'an object that is not there',
      'PATCH',
      path.replace('Account', 'Claim'),
      { allOrNone: false, records },
      404,
      'NOT_FOUND',
    ],
    ['another method', 'POST', path, { allOrNone: false, records }, 405, 'METHOD_NOT_ALLOWED'],
    ['a query that it does not know', 'GET', '/query?q=SELECT+Id+FROM+Account', undefined, 400, 'MALFORMED_QUERY'],
    ['a path that it does not know', 'GET', '/sobjects', undefined, 404, 'NOT_FOUND'],
    ['describe of what is not there', 'GET', '/sobjects/InsurancePolicy/describe', undefined, 404, 'NOT_FOUND'],
  ])('%s', async (_what, method, target, body, status, code) => {
    const { standIn, ask } = await signedIn();
    const answer = await ask(method, target, body);
    expect([answer.status, first(answer).errorCode]).toEqual([status, code]);
    expect(standIn.records()).toEqual([]);
  });
});

it('credentials are checked, end, and can be refused', async () => {
  const { standIn, grant, ask, renew } = await signedIn();
  expect((await grant('wrong')).status).toBe(400);
  expect((await ask('GET', '/limits')).status).toBe(200);
  standIn.faults.expireTokens();
  expect(await ask('GET', '/limits')).toMatchObject({ status: 401, json: [{ errorCode: 'INVALID_SESSION_ID' }] });
  await renew();
  expect((await ask('GET', '/limits')).status).toBe(200);
  standIn.faults.revokeCredentials();
  expect((await ask('GET', '/limits')).status).toBe(401);
  expect(await grant()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  standIn.faults.restoreCredentials();
  await renew();
  expect((await ask('GET', '/limits')).status).toBe(200);
});

it('the key is described as what it is, and who deletes a parent unties its children', async () => {
  const { standIn, ask, upsert } = await signedIn();
  const described = objectsOf(objectOf((await ask('GET', '/sobjects/Task/describe')).json).fields);
  expect(described.find(({ name }) => name === 'Socotra_Key__c')).toMatchObject({ externalId: true, unique: true });
  expect(described.find(({ name }) => name === 'Subject')).toMatchObject({ type: 'combobox', length: 255 });
  await upsert('Account', acme);
  const policy = { Socotra_Key__c: 'p-pol-1', Name: '1', Account__r: { Socotra_Key__c: 'p-pty-1' } };
  await upsert('Socotra_Policy__c', policy);
  expect(standIn.records().find(({ kind }) => kind === 'policy')?.tiedTo).toEqual(['p-pty-1']);
  standIn.deleteRecord('p-pty-1');
  expect(standIn.records()).toMatchObject([{ key: 'p-pol-1', tiedTo: [] }]);
});
