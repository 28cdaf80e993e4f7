import { request } from 'node:http';
import { fakeQueue } from '../../test/support/fake-queue.ts';
import { fixture } from '../../test/support/fixtures.ts';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { stateAnswer, stateServiceOver } from '../../test/support/state-of.ts';
import { QUEUE, QueueUnavailableError } from '../queue/queue.js';
import { StateMiddleware } from '../state/state.middleware.js';
import { StateService } from '../state/state.service.js';
import { WebhookDoor } from './webhook-door.js';
import { WebhooksModule } from './webhooks.module.js';

const MAX_BODY_BYTES = 1_024;
const ISSUED = JSON.stringify(fixture('events/policy.issue.json'));
const JSON_TYPE = { 'content-type': 'application/json', 'x-smp-key': 'key' };

let app: NestApp;

beforeAll(async () => {
  const append = ({ id }: { readonly id: string }) => {
    if (id === 'no-store') return Promise.reject(new QueueUnavailableError());
    if (id === 'bug') return Promise.reject(new TypeError('bug'));
    return Promise.resolve('appended' as const);
  };
  app = await startNestApp(
    { imports: [WebhooksModule] },
    [
      {
        provide: QUEUE,
        useValue: fakeQueue({ append, backlog: () => Promise.resolve({ waitingEvents: 0, deadLetters: 0 }) }),
      },
      { provide: StateService, useValue: stateServiceOver(() => stateAnswer()) },
    ],
    (nest) => {
      nest.use(new StateMiddleware().use);
      nest.get(WebhookDoor).placeBefore(nest.getHttpServer(), MAX_BODY_BYTES);
    },
  );
});
afterAll(() => app.close());

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
  /** Express says so in its answers, the door does not. */
  readonly byExpress: boolean;
}

function ring(
  parts: readonly string[],
  headers: Record<string, string>,
  path = '/webhook-notify',
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${app.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          type: response.headers['content-type'],
          retryAfter: response.headers['retry-after'],
          body: JSON.parse(text),
          byExpress: response.headers['x-powered-by'] !== undefined,
        }),
      );
    });
    asked.on('error', reject);
    for (const part of parts) asked.write(part);
    asked.end();
  });
}

const lengthOf = (body: string) => ({ 'content-length': String(Buffer.byteLength(body)) });
const withId = (id: string) => JSON.stringify({ id, type: 'policy.issue', timestamp: '1716305400450', data: {} });

describe('the ordinary case is answered by the door, word for word as Express answers it', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['an event', ISSUED, JSON_TYPE, 200],
    ['its type with the encoding', ISSUED, { ...JSON_TYPE, 'content-type': 'application/json; charset=UTF-8' }, 200],
    ['an unknown name', ISSUED.replace('policy.issue', 'some.thing'), JSON_TYPE, 200],
    ['no key', ISSUED, { 'content-type': 'application/json' }, 401],
    ['no JSON', '{', JSON_TYPE, 400],
    ['a wrong envelope', '{"id":5}', JSON_TYPE, 400],
    ['more than ASCII', withId('Zoë'), JSON_TYPE, 200],
    ['a queue that cannot store', withId('no-store'), JSON_TYPE, 503],
    ['a bug', withId('bug'), JSON_TYPE, 500],
    ['nothing', '', JSON_TYPE, 400],
  ])('%s', async (_what, body, headers, status) => {
    const linesBefore = app.lines().length;
    const atTheDoor = await ring([body], { ...headers, ...lengthOf(body) });
    const between = app.lines().length;
    // Without a length it goes on to Express.
    const behind = await ring([body], { ...headers, 'transfer-encoding': 'chunked' });
    expect([atTheDoor.status, atTheDoor.byExpress, behind.byExpress]).toEqual([status, false, true]);
    expect({ ...atTheDoor, byExpress: true }).toEqual(behind);
    const timeless = (lines: readonly unknown[]) =>
      JSON.stringify(lines).replace(/"(time|durationMs)":("[^"]*"|\d+)/g, '');
    expect(timeless(app.lines().slice(linesBefore, between))).toBe(timeless(app.lines().slice(between)));
  });
});

describe('whatever is not ordinary goes on to Express', () => {
  it.each<[string, Record<string, string>, string, number]>([
    ['another type', { 'content-type': 'text/plain' }, '/webhook-notify', 415],
    ['another encoding', { 'content-type': 'application/json; charset=utf-16' }, '/webhook-notify', 400],
    ['packed', { 'content-encoding': 'gzip' }, '/webhook-notify', 400],
    ['another address', {}, '/elsewhere', 404],
    ['a query', {}, '/webhook-notify?a=b', 200],
  ])('%s', async (_what, headers, path, status) => {
    const answer = await ring([ISSUED], { ...JSON_TYPE, ...headers, ...lengthOf(ISSUED) }, path);
    expect([answer.byExpress, answer.status]).toEqual([true, status]);
  });

  it.each(['PUT', 'GET', 'DELETE'])('%s instead of POST', async (method) => {
    const answer = await ring([ISSUED], { ...JSON_TYPE, ...lengthOf(ISSUED) }, '/webhook-notify', method);
    expect([answer.byExpress, answer.status]).toEqual([true, 404]);
  });

  it('more than a webhook may be', async () => {
    const body = 'x'.repeat(MAX_BODY_BYTES + 1);
    expect(await ring([body], { ...JSON_TYPE, ...lengthOf(body) })).toMatchObject({ byExpress: true, status: 413 });
  });
});

it('a body in pieces is read as one, also where a piece ends within a letter', async () => {
  const bytes = Buffer.from(withId('Zoë'));
  const cut = bytes.indexOf(Buffer.from('ë')) + 1;
  const answer = await new Promise<unknown>((resolve, reject) => {
    const headers = { ...JSON_TYPE, 'content-length': String(bytes.length) };
    const asked = request(`${app.url}/webhook-notify`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(JSON.parse(text)));
    });
    asked.on('error', reject);
    asked.write(bytes.subarray(0, cut));
    setTimeout(() => asked.end(bytes.subarray(cut)), 20);
  });
  expect(answer).toEqual({ status: 'accepted', id: 'Zoë' });
});

it('a sender that hangs up in the middle leaves the server as it was', async () => {
  const headers = { ...JSON_TYPE, 'content-length': '500' };
  const asked = request(`${app.url}/webhook-notify`, { method: 'POST', headers });
  asked.on('error', () => undefined);
  asked.write('{"id":');
  await new Promise((resolve) => setTimeout(resolve, 50));
  asked.destroy();
  expect(await ring([ISSUED], { ...JSON_TYPE, ...lengthOf(ISSUED) })).toMatchObject({ status: 200 });
});
