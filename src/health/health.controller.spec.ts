import { TerminusModule } from '@nestjs/terminus';
import { fakeQueue } from '../../test/support/fake-queue.ts';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { QUEUE } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import type { WorkerHeartbeat } from '../sync/heartbeat.js';
import { SyncWorker } from '../sync/sync.worker.js';
import { HealthController } from './health.controller.js';

let app: NestApp;
let check: () => Promise<void>;
let heartbeat: WorkerHeartbeat;
let stateReads: number;

beforeEach(async () => {
  stateReads = 0;
  check = () => Promise.resolve();
  heartbeat = { silentMs: 0, backlogAgeMs: 0 };
  // The State API never answers here: health must not wait for it.
  const recall = () => {
    stateReads++;
    return new Promise(() => undefined);
  };
  app = await startNestApp({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthController] }, [
    { provide: QUEUE, useValue: fakeQueue({ check: () => check() }) },
    { provide: StateService, useValue: { recall } },
    { provide: SyncWorker, useValue: { lastHeartbeat: () => heartbeat } },
  ]);
});
afterEach(() => app.close());

it('answers 200 while the queue answers, whatever the State API does', async () => {
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

describe('readiness', () => {
  it.each<[string, () => void, number, object]>([
    ['all is well', () => undefined, 200, { status: 'ready', queue: 'up', worker: 'up', backlog: 'up' }],
    [
      'the queue is away',
      () => void (check = () => Promise.reject(new Error('disk /data is full'))),
      503,
      { status: 'not_ready', queue: 'down' },
    ],
    [
      'the worker hangs',
      () => void (heartbeat = { silentMs: 3_600_000, backlogAgeMs: 0 }),
      503,
      { status: 'not_ready', worker: 'down', workerSilentSeconds: 3_600 },
    ],
    [
      'it is behind',
      () => void (heartbeat = { silentMs: 0, backlogAgeMs: 3_600_000 }),
      503,
      { status: 'not_ready', backlog: 'down', backlogAgeSeconds: 3_600 },
    ],
  ])('is answered in full when %s', async (_what, arrange, status, body) => {
    arrange();
    const response = await fetch(`${app.url}/health/ready`);
    expect(response.status).toBe(status);
    const said = await response.text();
    expect(JSON.parse(said)).toMatchObject(body);
    expect(said).not.toContain('disk');
    // No tenant is asked about, and none is spoken of.
    expect(stateReads).toBe(0);
    expect(app.lines()).toEqual([]);
  });

  it('has nothing to do with being alive: a worker that hangs is for people, not for a restart', async () => {
    heartbeat = { silentMs: 3_600_000, backlogAgeMs: 3_600_000 };
    expect((await fetch(`${app.url}/health`)).status).toBe(200);
  });
});
