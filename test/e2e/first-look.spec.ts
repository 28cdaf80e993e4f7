import type { HttpRequest } from '../../src/http/exchange.js';
import type { StoryEvent } from '../../sandbox/story/story-events.ts';
import { connectTenant, startCrm } from '../support/core-and-crm.js';
import { bodyOf, closeServer, listen, type RunningApp, startApp } from '../support/running-app.js';
import { LiveCore } from '../support/story-surroundings.js';

/** Where a tenant's event stream is read from at its first Start: our clock says when that is, Core's when events happen. */
let app: RunningApp;
let crm: Awaited<ReturnType<typeof startCrm>>;
let coreServer: Awaited<ReturnType<typeof listen>>;
let core: LiveCore;

beforeEach(async () => {
  core = new LiveCore();
  coreServer = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      // Safe: what a server receives has both; the methods are those that the app itself can send.
      const asked = { method: request.method, url: `http://core.test${request.url}`, headers: {}, body } as HttpRequest;
      const answer = core.answer(asked);
      if (answer.kind === 'answer') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  // Longer than the test: what is found stays in the queue, where it can be counted.
  [app, crm] = await Promise.all([startApp({ SETTLE_MS: '60000', SETTLE_MAX_MS: '60000' }), startCrm()]);
  connectTenant(app, { key: 'key', coreUrl: coreServer.url, crmUrl: crm.url });
});

afterEach(() => Promise.all([app.close(), crm.close(), closeServer(coreServer.server)]));

/** An event that Core stamped so many seconds before our clock's now. */
function eventStamped(secondsAgo: number): StoryEvent {
  const id = `${secondsAgo}-seconds-ago`;
  const atMs = Date.now() - secondsAgo * 1_000;
  const data = { policyLocator: '100004200' };
  const body = { id, type: 'policy.update', transactionId: id, timestamp: String(atMs), data };
  return { id, type: 'policy.update', transactionId: id, atMs, data, body };
}

const headers = { 'x-smp-key': 'key', 'content-type': 'application/json' };

async function start(): Promise<void> {
  const answer = await fetch(`${app.url}/_app/start?route=https%3A%2F%2Fapp.example`, { headers });
  expect(answer.status).toBe(200);
}

it.each([
  ['just now', 0, 1],
  ['by a clock that is behind', 50, 1],
  ['before the app was there', 70, 0],
])('an event stamped %s, %i s ago, that never rang: %i found', async (_when, secondsAgo, found) => {
  core.happen(eventStamped(secondsAgo));
  await start();
  expect(await app.lineOf('catchup.completed')).toMatchObject({ read: found, gaps: found });
  expect((await app.queue.backlog()).waitingEvents).toBe(found);
});

it('recognises what has rung already', async () => {
  const [rung, lost] = [eventStamped(40), eventStamped(20)];
  core.happen(rung);
  core.happen(lost);
  const body = JSON.stringify(rung.body);
  expect((await fetch(`${app.url}/webhook-notify`, { method: 'POST', headers, body })).status).toBe(200);
  expect(await app.lineOf('catchup.completed')).toMatchObject({ read: 2, gaps: 1 });
  expect((await app.queue.backlog()).waitingEvents).toBe(2);
});
