import { createServer, type Server } from 'node:http';
import { objectOf, objectsOf, parseJson, textOf, type JsonValue } from '../http/json.ts';
import { readStoryEvents, storyEventOf } from '../story/story-events.ts';
import { startCore, type CoreServer } from './core-server.ts';

const events = readStoryEvents();
const HOLDER = '8d0c5430-d72e-5494-ab32-1d39c028bcee';
const CLAIM = 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69';
const RECEIVER_STATUS = { current: 200 };

let core: CoreServer;
let receiver: Server;
let received: string[];

beforeEach(async () => {
  core = await startCore(events);
  received = [];
  receiver = createServer((request, response) => {
    received.push(request.url ?? '');
    response.writeHead(RECEIVER_STATUS.current).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
});

afterEach(async () => {
  RECEIVER_STATUS.current = 200;
  await core.server.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

function happenUntil(instant: string): void {
  for (const event of events.filter(({ atMs }) => atMs <= Date.parse(instant))) core.story.happen(event);
}

async function call(method: string, path: string, body?: object, token = core.tokens.issue().token) {
  const response = await fetch(core.server.url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : parseJson(text) };
}

describe('reading from Core', () => {
  it.each([
    ['/policy/100004200', 200],
    ['/policy/100004800', 404],
    ['/policy/100004200/gracePeriods', 200],
    ['/policy/100004200/claims', 200],
    ['/policies/100004200/quotes', 200],
    ['/policies/100004200/endorsements', 200],
    [`/policyholder/${HOLDER}`, 200],
    [`/policyholder/${HOLDER}/invoices`, 200],
    [`/policyholder/${HOLDER}/policies`, 200],
    ['/quotes/100004210', 200],
    ['/quotes/100004214', 404],
    ['/payments/efe3ac2e-8ab2-5277-9933-7bc37e12a275', 200],
    ['/endorsements/100004260', 200],
    ['/endorsements/100004262', 404],
    ['/cancellations/100004320', 200],
    ['/reinstatements/100004330', 200],
    ['/renewals/100004390', 404],
    ['/gracePeriod/639e2ab8-e4a0-54da-aff9-4a6251078d0b', 200],
    [`/claim/${CLAIM}`, 200],
    ['/claims/payables/9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e', 404],
    ['/premiumReports/100005140', 200],
    ['/invoice/5cef871b-2adf-5cd5-8603-a74d63fc5992', 404],
    ['/policy/../webhooks', 403],
  ])('GET %s in December 2024 is answered with %d', async (path, status) => {
    happenUntil('2024-12-01T00:00:00Z');
    expect((await call('GET', path)).status).toBe(status);
  });

  it('shows the invoices of a policyholder, which name only their policy', async () => {
    happenUntil('2024-12-01T00:00:00Z');
    const { body } = await call('GET', `/policyholder/${HOLDER}/invoices`);
    expect(objectsOf(body).map(({ displayId }) => displayId)).toEqual([
      '100004230',
      '100004270',
      '100004324',
      '100004334',
    ]);
  });

  it('asks for a token of this tenant, which expires after a day of the story', async () => {
    happenUntil('2024-05-21T00:00:00Z');
    const { token } = core.tokens.issue();
    expect((await call('GET', '/policy/100004200', undefined, token)).status).toBe(200);
    expect((await call('GET', '/policy/100004200', undefined, `${token}x`)).status).toBe(401);
    expect((await call('GET', '/policy/100004200', undefined, '')).status).toBe(401);
    core.story.happen(storyEventOf(events, 'policy.end'));
    expect((await call('GET', '/policy/100004200', undefined, token)).status).toBe(401);
  });

  it('misbehaves as often as it was told', async () => {
    happenUntil('2024-05-21T00:00:00Z');
    core.faults.add({ path: '/policy/', status: 503, times: 2 });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await call('GET', '/policy/100004200')).status);
    expect(statuses).toEqual([503, 503, 200]);
  });
});

describe('the event stream', () => {
  const types = (body: JsonValue) => objectsOf(objectOf(body).events).map(({ type }) => type);

  it('goes on from a paging token, also with what happened later', async () => {
    happenUntil('2024-05-20T16:13:00Z');
    const first = await call('GET', '/eventstream/attributedEvents?startTimestamp=0&pageSize=2');
    expect(types(first.body)).toEqual(['login.failure', 'login.success']);
    const token = textOf(objectOf(first.body).pagingToken);
    const second = await call('GET', `/eventstream/attributedEvents?pagingToken=${token}`);
    expect(types(second.body)).toEqual(['policyholder.create']);
    core.story.happen(storyEventOf(events, 'policy.create'));
    const third = await call('GET', `/eventstream/events?pagingToken=${textOf(objectOf(second.body).pagingToken)}`);
    expect(types(third.body)).toEqual(['policy.create']);
    expect(objectsOf(objectOf(third.body).events)[0]?.username).toBeUndefined();
    expect(types((await call('GET', `/eventstream/attributedEvents?pagingToken=${token}`)).body)).toHaveLength(2);
  });

  it('begins at the instant that is asked for', async () => {
    happenUntil('2024-05-20T16:13:00Z');
    const { body } = await call('GET', `/eventstream/attributedEvents?startTimestamp=${events[2]?.atMs}`);
    expect(types(body)).toEqual(['policyholder.create']);
  });

  it.each(['', '?pagingToken=nonsense', '?startTimestamp=soon'])('refuses %p', async (query) => {
    expect((await call('GET', `/eventstream/events${query}`)).status).toBe(400);
  });
});

it('keeps auxiliary data under any locator until it is deleted', async () => {
  const entry = { key: 'cursor', value: 'abc', uiType: 'hidden' };
  expect((await call('GET', '/auxData/global/cursor')).status).toBe(404);
  expect((await call('PUT', '/auxData/global', { auxData: [entry] })).status).toBe(200);
  expect((await call('GET', '/auxData/global/cursor')).body).toEqual({ locator: 'global', ...entry });
  expect((await call('GET', '/auxData/global?page=0')).body).toEqual({
    keys: [{ key: 'cursor', uiType: 'hidden' }],
    page: 0,
  });
  expect((await call('DELETE', '/auxData/global/cursor')).status).toBe(200);
  expect((await call('GET', '/auxData/global/cursor')).status).toBe(404);
});

describe('webhooks', () => {
  const event = storyEventOf(events, 'policy.issue');
  const other = storyEventOf(events, 'policy.create');

  async function register(failureHandlingMode: string): Promise<void> {
    const address = receiver.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const url = `http://127.0.0.1:${port}/notify`;
    const body = { name: 'app', url, events: ['policy.issue'], failureHandlingMode };
    expect((await call('PUT', '/webhooks', body, core.adminToken)).status).toBe(200);
  }

  it('are managed by the admin account only', async () => {
    expect((await call('GET', '/webhooks')).status).toBe(403);
    expect((await call('GET', '/webhooks', undefined, core.adminToken)).body).toEqual([]);
  });

  it('carry the events that were asked for, once each', async () => {
    await register('none');
    await core.ring(other);
    expect(await core.ring(event)).toMatchObject([{ status: 200, handled: 'delivered' }]);
    expect(received).toEqual(['/notify']);
  });

  it('drop what failed without a failure mode', async () => {
    await register('none');
    RECEIVER_STATUS.current = 500;
    expect(await core.ring(event)).toMatchObject([{ status: 500, handled: 'dropped' }]);
    expect((await call('GET', '/webhooks/app/diverted', undefined, core.adminToken)).body).toEqual([]);
  });

  it('divert what failed, and send it again when asked to', async () => {
    await register('divert');
    RECEIVER_STATUS.current = 500;
    expect(await core.ring(event)).toMatchObject([{ handled: 'diverted' }]);
    RECEIVER_STATUS.current = 200;
    const diverted = await call('GET', '/webhooks/app/diverted', undefined, core.adminToken);
    expect(objectsOf(diverted.body).map(({ id }) => id)).toEqual([event.id]);
    const path = `/webhooks/app/diverted/${event.transactionId}/resend`;
    expect((await call('POST', path, undefined, core.adminToken)).status).toBe(200);
    expect(received).toHaveLength(2);
    expect((await call('POST', path, undefined, core.adminToken)).status).toBe(404);
  });

  it('are suspended by a failure until somebody lifts that', async () => {
    await register('suspend');
    RECEIVER_STATUS.current = 500;
    await core.ring(event);
    RECEIVER_STATUS.current = 200;
    expect(await core.ring(event)).toMatchObject([{ handled: 'suspended' }]);
    expect(received).toHaveLength(1);
    expect((await call('PATCH', '/webhooks/app/unsuspend', undefined, core.adminToken)).status).toBe(200);
    expect(await core.ring(event)).toMatchObject([{ handled: 'delivered' }]);
  });
});
