import type { DeliveryResult } from '../connectors/connector.js';
import { DEFAULT_THROTTLE_MS } from '../connectors/kit/connection-limiter.js';
import type { DeliveryReport } from './deliver-records.js';
import type { EventWork } from './event-work.js';
import type { PauseCode } from './pauses.js';
import type { TriedEvent } from './tried-event.js';

/** What the sync of one root means for the whole tenant. */
export type RootResult =
  /** Whether the target, and whether Core, has shown that it works. */
  | { readonly kind: 'settled'; readonly targetAnswered: boolean; readonly coreAnswered: boolean }
  /** The target or Core asked for rest: nothing of this tenant before `untilMs`. */
  | { readonly kind: 'throttled'; readonly untilMs: number }
  /** The target or Core does not answer. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unauthorized'; readonly code: PauseCode };

/** The connection's own troubles, found while one root was synced, concern all roots of the tenant. */
export function rootResult(
  work: readonly EventWork[],
  tried: readonly TriedEvent[],
  report: DeliveryReport,
  nowMs: number,
): RootResult {
  for (const { outcome } of tried) {
    if (outcome.kind === 'auth') return { kind: 'unauthorized', code: outcome.code };
  }
  const results = [...report.results.values()];
  const rests = [...results.flatMap(restAsked), ...work.flatMap(restOfCore)];
  if (rests.length > 0) return { kind: 'throttled', untilMs: nowMs + Math.max(...rests) };
  const isSilent = results.some(({ outcome }) => outcome === 'unreachable' || outcome === 'unknown_outcome');
  if (isSilent || work.some(({ kind }) => kind === 'core_unavailable')) return { kind: 'unreachable' };
  const coreAnswered = work.some(({ kind }) => kind === 'records');
  return { kind: 'settled', targetAnswered: report.answered, coreAnswered };
}

function restAsked(result: DeliveryResult): number[] {
  return result.outcome === 'throttled' ? [result.retryAfterMs ?? DEFAULT_THROTTLE_MS] : [];
}

/** Core that names no time is treated like one that does not answer. */
function restOfCore(work: EventWork): number[] {
  return work.kind === 'core_unavailable' && work.retryAfterMs !== undefined ? [work.retryAfterMs] : [];
}
