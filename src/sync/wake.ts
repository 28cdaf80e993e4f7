import type { Settlement } from '../queue/queue.js';
import type { Decision } from './decide.js';
import type { EventOutcome } from './event-outcome.js';
import { type EventWork, TIME_PASSED } from './event-work.js';
import type { RecordsWork, TriedEvent } from './tried-event.js';

/** How long a root rests that time should have changed, when the sync failed, and when it was refused for good. */
const RETRY_MS = 300_000;
const REFUSED_MS = 21_600_000;

/**
 * When the root is to be looked at again although no event comes; undefined: nothing new is known about that. Only a
 * policy changes with time, so no other root is ever woken.
 */
export function wakeOf(
  root: string,
  work: readonly EventWork[],
  tried: readonly TriedEvent[],
  nowMs: number,
): Settlement['wake'] {
  if (!root.startsWith('policy:')) return 'never';
  const time = tried.find(({ event }) => event.type === TIME_PASSED);
  switch (time?.outcome.kind) {
    case 'retry':
      return { atMs: nowMs + RETRY_MS };
    case 'rejected':
      return { atMs: nowMs + REFUSED_MS };
    // The whole connection rests; when it goes on, so does this root.
    case 'throttled':
    case 'auth':
      return undefined;
    case 'skipped':
      return 'never';
    case 'delivered':
    case undefined:
      return nextChange(work);
  }
}

function nextChange(work: readonly EventWork[]): Settlement['wake'] {
  const read = work.filter((item): item is RecordsWork => item.kind === 'records');
  if (read.length === 0) return undefined;
  const atMs = Math.min(...read.map(({ changesAtMs }) => changesAtMs ?? Infinity));
  return atMs === Infinity ? 'never' : { atMs };
}

/** What is said about a sync that no event asked for. It has no row in the queue, so it cannot become a dead letter. */
export function decideTime(outcome: EventOutcome): Decision {
  switch (outcome.kind) {
    case 'delivered':
      return { line: 'sync.delivered' };
    case 'retry':
      return { line: 'sync.retry_scheduled', fields: { code: outcome.code, retryInMs: RETRY_MS } };
    case 'rejected':
      return { line: 'sync.retry_scheduled', fields: { code: outcome.code, retryInMs: REFUSED_MS } };
    case 'skipped':
    case 'throttled':
    case 'auth':
      return {};
  }
}
