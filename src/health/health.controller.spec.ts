import { fakeQueue } from '../../test/support/fake-queue.ts';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { QUEUE } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import { HealthModule } from './health.module.js';

let app: NestApp;
let check: () => Promise<void>;
let stateReads: number;

beforeEach(async () => {
  stateReads = 0;
  // The State API never answers here: health must not wait for it.
  const recall = () => {
    stateReads++;
    return new Promise(() => undefined);
  };
  app = await startNestApp({ imports: [HealthModule] }, [
    { provide: QUEUE, useValue: fakeQueue({ check: () => check() }) },
    { provide: StateService, useValue: { recall } },
  ]);
});
afterEach(() => app.close());

it('answers 200 while the queue answers, whatever the State API does', async () => {
  check = () => Promise.resolve();
  const response = await fetch(`${app.url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'ok', details: { queue: { status: 'up' } } });
  expect(stateReads).toBe(1);
});

it('answers 503 while the queue does not, without the reason and without calling it a bug', async () => {
  check = () => Promise.reject(new Error('disk /data is full'));
  const response = await fetch(`${app.url}/health`);
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain('disk');
  expect(app.lines()).toEqual([]);
});

it('answers 200 again when the queue does', async () => {
  check = () => Promise.reject(new Error());
  await fetch(`${app.url}/health`);
  check = () => Promise.resolve();
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
});
