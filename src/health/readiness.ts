import type { WorkerHeartbeat } from '../sync/heartbeat.js';

/** The worker looks for work every second; after so long without a look it hangs. */
const LONGEST_SILENCE_MS = 30_000;
/** Work that waited so long past its time is behind: the plan is too small, or something holds all places. */
const OLDEST_BACKLOG_MS = 900_000;

export type Check = 'up' | 'down';

/** What `/health/ready` says. Of the instance as a whole: it is on the internet, and names nobody. */
export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly queue: Check;
  readonly worker: Check;
  readonly backlog: Check;
  readonly workerSilentSeconds: number;
  readonly backlogAgeSeconds: number;
}

export function readinessOf(queue: Check, { silentMs, backlogAgeMs }: WorkerHeartbeat): Readiness {
  const worker = silentMs <= LONGEST_SILENCE_MS ? 'up' : 'down';
  const backlog = backlogAgeMs <= OLDEST_BACKLOG_MS ? 'up' : 'down';
  return {
    status: [queue, worker, backlog].every((check) => check === 'up') ? 'ready' : 'not_ready',
    queue,
    worker,
    backlog,
    workerSilentSeconds: Math.floor(silentMs / 1_000),
    backlogAgeSeconds: Math.floor(backlogAgeMs / 1_000),
  };
}
