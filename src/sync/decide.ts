import type { LogEvent, LogFields } from '../log/log-events.js';
import type { QueuedEvent, Settlement } from '../queue/queue.js';
import type { EventOutcome } from './event-outcome.js';
import { nextTry } from './retry.js';

/** What is stored and said about one event after its try. */
export interface Decision {
  readonly ended?: Settlement['ended'][number];
  readonly retried?: Settlement['retried'][number];
  readonly line?: LogEvent;
  readonly fields?: LogFields;
}

export interface DecisionContext {
  readonly retryScheduleMs: readonly number[];
  readonly nowMs: number;
  /** How long the tenant rests now if its Core, say, does not answer and names no time. */
  readonly breakMs: number;
  /** From 0 (inclusive) to 1 (exclusive), for the jitter. */
  readonly random: number;
}

/** Decides over one event from its outcome alone. */
export function decide(event: QueuedEvent, outcome: EventOutcome, context: DecisionContext): Decision {
  const { sequence } = event;
  switch (outcome.kind) {
    case 'delivered':
      return { ended: { sequence, end: 'delivered' }, line: 'sync.delivered' };
    case 'skipped': {
      const { code } = outcome;
      return { ended: { sequence, end: 'skipped', code }, line: 'sync.skipped', fields: { code } };
    }
    case 'rejected':
      return deadLetter(sequence, outcome.code);
    case 'retry':
      return decideRetry(event, outcome, context);
    case 'throttled': {
      const { code, retryAfterMs = context.breakMs } = outcome;
      return { line: 'sync.retry_scheduled', fields: { code, retryInMs: retryAfterMs } };
    }
    // The tenant is paused and says so once; its events wait untouched.
    case 'auth':
      return {};
  }
}

function decideRetry(
  { sequence, tries, retryAtMs }: QueuedEvent,
  { code, retryAfterMs }: Extract<EventOutcome, { kind: 'retry' }>,
  { retryScheduleMs, nowMs, random }: DecisionContext,
): Decision {
  const failed = { tries, retryAtMs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const next = nextTry(failed, retryScheduleMs, nowMs, random);
  if (next.kind === 'exhausted') return deadLetter(sequence, code);
  return {
    retried: { sequence, tries: next.tries, retryAtMs: next.retryAtMs, code },
    line: 'sync.retry_scheduled',
    fields: { code, retryInMs: next.retryAtMs - nowMs },
  };
}

function deadLetter(sequence: number, code: string): Decision {
  return { ended: { sequence, end: 'dead', code }, line: 'sync.dead_lettered', fields: { code } };
}
