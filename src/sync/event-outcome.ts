import type { DeliveryResult } from '../connectors/connector.js';
import { DEFAULT_THROTTLE_MS } from '../connectors/kit/connection-limiter.js';
import type { PauseCode } from './pauses.js';

/** What the results of its records mean for an event; `recordKey`: the record that decided. */
export type EventOutcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'skipped'; readonly code: string }
  | { readonly kind: 'retry'; readonly code: string; readonly retryAfterMs?: number; readonly recordKey?: string }
  /** Not a try: the target or Core wants rest, or we are shutting down. Without a time: as long as the breaker says. */
  | { readonly kind: 'throttled'; readonly code: string; readonly retryAfterMs?: number }
  | { readonly kind: 'auth'; readonly code: PauseCode }
  | { readonly kind: 'rejected'; readonly code: string; readonly recordKey?: string };

/** One record's result, and whether the event is about that record (or it is a parent of it). */
export interface RecordResult {
  readonly key: string;
  readonly result: DeliveryResult;
  readonly isOwn: boolean;
}

/**
 * The event's fate is that of its least successful record. Waiting outranks a rejection: while any record may still
 * arrive, the event is not over. Something about the connection outranks everything: it concerns all events alike.
 */
const RANK: Readonly<Record<DeliveryResult['outcome'], number>> = {
  auth: 8,
  throttled: 7,
  unreachable: 6,
  retry: 5,
  unknown_outcome: 4,
  dependency: 3,
  rejected: 2,
  delivered: 1,
  skipped: 0,
};

/**
 * @param results of all records that the event's translation holds. A record that is not the event's own (an invoice that
 *   came along with the policy) may make it wait, but only its own can make it a dead letter.
 */
export function outcomeOfEvent(results: readonly RecordResult[]): EventOutcome {
  const counting = results.filter(({ result, isOwn }) => isOwn || !isLost(result, results));
  const worst = counting.reduce<RecordResult | undefined>(
    (leading, item) => (leading === undefined || rankOf(item) > rankOf(leading) ? item : leading),
    undefined,
  );
  return worst === undefined ? { kind: 'skipped', code: 'outside_profile' } : meaningOf(worst, counting);
}

function meaningOf({ key, result }: RecordResult, counting: readonly RecordResult[]): EventOutcome {
  switch (result.outcome) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'skipped':
    case 'auth':
      return result.outcome === 'auth' ? { kind: 'auth', code: result.code } : { kind: 'skipped', code: result.code };
    case 'throttled': {
      const { code, retryAfterMs = DEFAULT_THROTTLE_MS } = result;
      return { kind: 'throttled', code, retryAfterMs };
    }
    case 'retry': {
      const { code, retryAfterMs } = result;
      return { kind: 'retry', code, recordKey: key, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    case 'unreachable':
    case 'unknown_outcome':
      return { kind: 'retry', code: result.code, recordKey: key };
    case 'dependency': {
      // Children of a rejected parent would wait in vain: the rejection is what somebody must mend.
      const rejected = counting.find((item) => item.result.outcome === 'rejected');
      return rejected ? meaningOf(rejected, []) : { kind: 'retry', code: result.code, recordKey: key };
    }
    case 'rejected':
      return { kind: 'rejected', code: result.code, recordKey: key };
  }
}

function rankOf({ result }: RecordResult): number {
  return RANK[result.outcome];
}

/** Refused for good, or waiting for a parent that was: no try will bring it. */
function isLost(result: DeliveryResult, all: readonly RecordResult[]): boolean {
  if (result.outcome === 'rejected') return true;
  return result.outcome === 'dependency' && all.some((other) => other.result.outcome === 'rejected');
}
