import { jest } from '@jest/globals';
import { type Answer, connectTenant, type FakeCore, startCore, startCrm } from '../support/core-and-crm.js';
import { type RunningApp, startApp } from '../support/running-app.js';

/** The end has begun, and somebody's answer is still awaited: nobody else takes up anything new meanwhile. */

/** As often as the worker asks for work at least. */
const WORKER_ASKS_MS = 1_000;

let app: RunningApp;
let core: FakeCore;
let crm: Awaited<ReturnType<typeof startCrm>>;
let release: () => void;

beforeEach(async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  release = () => resolve(undefined);
  // The event stream says nothing until then.
  const silent: Answer = (response) => void promise.then(() => response.writeHead(503).end());
  core = await startCore(new Map(), new Map([['/eventstream', silent]]));
  [app, crm] = await Promise.all([startApp({}, undefined, 1), startCrm()]);
  connectTenant(app, { key: 'key', coreUrl: core.url, crmUrl: crm.url });
});
afterEach(() => Promise.all([core.close(), crm.close()]));

it('the worker asks for no more work while the end of a look at the event stream is awaited', async () => {
  const headers = { 'x-smp-key': 'key', 'content-type': 'application/json' };
  const body = JSON.stringify({ id: '1', type: 'policy.update', timestamp: '1', data: { policyLocator: '1' } });
  expect((await fetch(`${app.url}/webhook-notify`, { method: 'POST', headers, body })).status).toBe(200);
  while (!core.calls.some(({ path }) => path.startsWith('/eventstream'))) await new Promise(setImmediate);
  const claim = jest.spyOn(app.queue, 'claim');
  const endWaits = jest.spyOn(app.queue, 'endWaits');

  const closed = app.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  claim.mockClear();
  expect(endWaits).toHaveBeenCalledTimes(1);
  await new Promise((resolve) => setTimeout(resolve, 2 * WORKER_ASKS_MS));
  expect(claim).not.toHaveBeenCalled();
  // Whoever is answered now does not come back on the same connection.
  expect((await fetch(`${app.url}/health`)).headers.get('connection')).toBe('close');
  release();
  await closed;
});
