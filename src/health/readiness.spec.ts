import { type Check, type Readiness, readinessOf } from './readiness.js';

it.each<[string, Check, number, number, Partial<Readiness>]>([
  ['all is well', 'up', 900, 4_000, { status: 'ready', workerSilentSeconds: 0, backlogAgeSeconds: 4 }],
  ['the queue is away', 'down', 0, 0, { status: 'not_ready', queue: 'down', worker: 'up', backlog: 'up' }],
  ['the worker may take its time', 'up', 30_000, 0, { status: 'ready', worker: 'up' }],
  ['the worker hangs', 'up', 30_001, 0, { status: 'not_ready', queue: 'up', worker: 'down', backlog: 'up' }],
  ['there is much to do', 'up', 0, 900_000, { status: 'ready', backlog: 'up' }],
  ['it is behind', 'up', 0, 900_001, { status: 'not_ready', queue: 'up', worker: 'up', backlog: 'down' }],
])('%s', (_what, queue, silentMs, backlogAgeMs, expected) => {
  expect(readinessOf(queue, { silentMs, backlogAgeMs })).toMatchObject(expected);
});
