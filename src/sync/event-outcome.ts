import type { DeliveryResult } from '../connectors/connector.js';
import type { PauseCode } from './pauses.js';

/** What the results of its records mean for an event. */
export type EventOutcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'skipped'; readonly code: string }
  | { readonly kind: 'retry'; readonly code: string; readonly retryAfterMs?: number }
  | { readonly kind: 'throttled'; readonly code: string; readonly retryAfterMs?: number }
  | { readonly kind: 'auth'; readonly code: PauseCode }
  | { readonly kind: 'rejected'; readonly code: string };

/**
 * The event's fate is that of its least successful record. Waiting outranks a rejection: while any record may still
 * arrive, the event is not over. Something about the connection outranks everything: it concerns all events alike.
 */
const RANK: Readonly<Record<DeliveryResult['outcome'], number>> = {
  auth: 7,
  throttled: 6,
  retry: 5,
  unknown_outcome: 4,
  dependency: 3,
  rejected: 2,
  delivered: 1,
  skipped: 0,
};

export function outcomeOfEvent(results: readonly DeliveryResult[]): EventOutcome {
  const worst = results.reduce<DeliveryResult | undefined>(
    (leading, result) => (leading === undefined || RANK[result.outcome] > RANK[leading.outcome] ? result : leading),
    undefined,
  );
  if (worst === undefined) return { kind: 'skipped', code: 'outside_profile' };
  switch (worst.outcome) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'skipped':
      return { kind: 'skipped', code: worst.code };
    case 'retry':
    case 'throttled': {
      const { outcome, code, retryAfterMs } = worst;
      return { kind: outcome, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    case 'unknown_outcome':
    case 'dependency':
      return dependencyOnRejected(worst, results) ?? { kind: 'retry', code: worst.code };
    case 'auth':
      return { kind: 'auth', code: worst.code };
    case 'rejected':
      return { kind: 'rejected', code: worst.code };
  }
}

/** Children of a rejected parent would wait in vain: the rejection is what somebody must mend. */
function dependencyOnRejected(worst: DeliveryResult, results: readonly DeliveryResult[]): EventOutcome | undefined {
  const rejected = results.find((result) => result.outcome === 'rejected');
  return worst.outcome === 'dependency' && rejected ? { kind: 'rejected', code: rejected.code } : undefined;
}
