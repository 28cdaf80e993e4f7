import { fakeQueue } from '../../test/support/fake-queue.ts';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { stateAnswer, stateServiceOver } from '../../test/support/state-of.ts';
import { QUEUE } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import { WebhooksModule } from './webhooks.module.js';

/** The answers to all kinds of input stand in `test/e2e`; here is what the edge leaves in the log about a refusal. */

let app: NestApp;

beforeAll(async () => {
  app = await startNestApp({ imports: [WebhooksModule] }, [
    { provide: QUEUE, useValue: fakeQueue() },
    { provide: StateService, useValue: stateServiceOver(() => stateAnswer()) },
  ]);
});
afterAll(() => app.close());

it.each([
  ['a form', 'application/x-www-form-urlencoded', 'id=1', 415, 'not_json'],
  ['no type', '', '{}', 415, 'not_json'],
  ['another kind of JSON', 'application/vnd.api+json', '{}', 415, 'not_json'],
  ['no key', 'application/json; charset=utf-8', '{}', 401, 'no_key'],
])('%s is answered and leaves one line with the status', async (_what, type, body, status, code) => {
  const before = app.lines().length;
  const headers = { 'content-type': type };
  const response = await fetch(`${app.url}/webhook-notify`, { method: 'POST', body, headers });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code } });
  expect(app.lines().slice(before)).toEqual([
    { time: expect.any(String), level: 'warn', event: 'webhook.refused', status, code },
  ]);
});

it.each(['GET', 'PUT', 'DELETE'])('%s is not there', async (method) => {
  expect((await fetch(`${app.url}/webhook-notify`, { method })).status).toBe(404);
});
