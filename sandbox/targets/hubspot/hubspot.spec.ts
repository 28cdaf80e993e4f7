import type { JsonObject } from '../../http/json.ts';
import { type HubspotStandIn, startHubspot } from './hubspot.ts';

let standIn: HubspotStandIn;
const V = '2026-09';
const UPSERT = `/crm/objects/${V}/contacts/batch/upsert`;
const KEY_PROPERTY = {
  name: 'socotra_key',
  label: 'Key',
  groupName: 'contactsinformation',
  type: 'string',
  fieldType: 'text',
};

async function call(path: string, body?: JsonObject, headers: Record<string, string> = {}) {
  const response = await fetch(`${standIn.settings['api-url']}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${standIn.settings['api-token']}`, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
}

const input = (key: string, properties: JsonObject = {}): JsonObject => ({
  id: key,
  idProperty: 'socotra_key',
  objectWriteTraceId: key,
  properties: { lastname: 'Avery', ...properties },
});
const upsert = (...inputs: readonly JsonObject[]) => call(UPSERT, { inputs });
const contacts = () => standIn.account.objects.get('contacts')?.size;

async function open(options: Parameters<typeof startHubspot>[0] = {}): Promise<void> {
  standIn = await startHubspot(options);
  const inputs = [{ ...KEY_PROPERTY, hasUniqueValue: true }];
  expect((await call(`/crm/properties/${V}/contacts/batch/create`, { inputs })).status).toBe(201);
}
afterEach(() => standIn.close());

describe('a strict account', () => {
  beforeEach(() => open());

  it.each<[string, JsonObject, number]>([
    ['a good input', input('a'), 200],
    ['a property that does not exist', input('a', { nope: 'x' }), 400],
    ['a value that is no text', input('a', { lastname: 7 }), 400],
    ['a value that is null', input('a', { lastname: null }), 400],
    ['an e-mail address that is none', input('a', { email: 'jo@' }), 400],
    ['a property that is not unique', { ...input('a'), idProperty: 'lastname' }, 400],
  ])('answers %s', async (_what, one, status) => {
    expect((await upsert(one)).status).toBe(status);
    expect(contacts()).toBe(status === 200 ? 1 : 0);
  });

  it.each<[string, string, JsonObject | undefined, number]>([
    ['another version', '/crm/objects/2026-03/contacts/batch/upsert', { inputs: [input('a')] }, 404],
    ['another type', `/crm/objects/${V}/2-4711/batch/upsert`, { inputs: [input('a')] }, 400],
    ['no input', UPSERT, { inputs: [] }, 400],
    ['101 inputs', UPSERT, { inputs: Array.from({ length: 101 }, (_, index) => input(`k${index}`)) }, 400],
    ['the same input twice', UPSERT, { inputs: [input('a'), input('a')] }, 400],
    ['a company without a name', `/crm/objects/${V}/companies/batch/create`, { inputs: [{ properties: {} }] }, 400],
    [
      'a deal without a stage',
      `/crm/objects/${V}/deals/batch/create`,
      { inputs: [{ properties: { dealname: 'x' } }] },
      400,
    ],
    [
      'a property of an unknown group',
      `/crm/properties/${V}/deals/batch/create`,
      { inputs: [{ ...KEY_PROPERTY, groupName: 'x' }] },
      400,
    ],
    ['a property that exists', `/crm/properties/${V}/contacts/batch/create`, { inputs: [KEY_PROPERTY] }, 409],
    [
      'a stage without probability',
      `/crm/pipelines/${V}/deals`,
      { label: 'x', displayOrder: 0, stages: [{ label: 'y', displayOrder: 0 }] },
      400,
    ],
    ['the account', `/account-info/${V}/details`, undefined, 200],
  ])('answers %s', async (_what, path, body, status) => {
    expect((await call(path, body)).status).toBe(status);
  });

  it('refuses other tokens', async () => {
    expect((await call(`/account-info/${V}/details`, undefined, { authorization: 'Bearer x' })).status).toBe(401);
  });

  it('changes what it has, and an empty text clears', async () => {
    await upsert(input('a', { phone: '1' }));
    expect((await upsert(input('a', { phone: '', lastname: 'Quinn' }))).body).toMatchObject({
      results: [{ new: false }],
    });
    expect(standIn.account.findBy('contacts', 'socotra_key', 'a')?.properties).toEqual({
      lastname: 'Quinn',
      socotra_key: 'a',
    });
  });

  it('tells the slower of two writers who create the same key', async () => {
    const answers = await Promise.all([upsert(input('a')), upsert(input('a'))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(contacts()).toBe(1);
  });

  it('keeps one contact per e-mail address', async () => {
    await upsert(input('a', { email: 'jo@example.com' }));
    expect(await upsert(input('b', { email: 'jo@example.com' }))).toMatchObject({
      status: 409,
      body: { category: 'CONFLICT' },
    });
    expect((await upsert(input('a', { email: 'jo@example.com' }))).status).toBe(200);
  });
});

it('takes the good inputs of a batch, and names the others', async () => {
  await open();
  const { status, body } = await upsert(input('a'), input('b', { nope: 'x' }));
  expect(status).toBe(207);
  expect(body).toMatchObject({
    results: [{ properties: { socotra_key: 'a' } }],
    errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['b'] } }],
  });
});

it('refuses the batch as a whole where it has no multi-status', async () => {
  await open({ multiStatus: false });
  expect((await upsert(input('a'), input('b', { nope: 'x' }))).status).toBe(400);
  expect(contacts()).toBe(0);
});

it('limits the requests of ten seconds', async () => {
  await open({ requestsPerTenSeconds: 3 });
  const statuses = [];
  for (let index = 0; index < 3; index++) statuses.push((await upsert(input('a'))).status);
  expect(statuses).toEqual([200, 200, 429]);
});

it.each([
  [{ customObjects: true }, 200],
  [{ customObjects: false }, 403],
])('has custom objects or not: %j', async (options, status) => {
  await open(options);
  expect((await call(`/crm-object-schemas/${V}/schemas`)).status).toBe(status);
});

it.each([
  [{ noteKeys: true }, 201],
  [{ noteKeys: false }, 400],
])('lets notes have properties or not: %j', async (options, status) => {
  await open(options);
  const inputs = [{ ...KEY_PROPERTY, groupName: 'notesinformation', hasUniqueValue: true }];
  expect((await call(`/crm/properties/${V}/notes/batch/create`, { inputs })).status).toBe(status);
});

it('can commit without answering', async () => {
  await open();
  standIn.faults.cutAfterCommit();
  await expect(upsert(input('p-pty-1'))).rejects.toThrow();
  expect(standIn.records()).toMatchObject([{ kind: 'party', key: 'p-pty-1', tiedTo: [] }]);
});
