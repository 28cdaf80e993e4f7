/** What comes after a failed try: another one, or the end. */
export type NextTry =
  { readonly kind: 'again'; readonly tries: number; readonly retryAtMs: number } | { readonly kind: 'exhausted' };

export interface FailedTry {
  /** Failed tries before this one. */
  readonly tries: number;
  /** When this try was due; in the future if another event of the same root brought it forward. */
  readonly retryAtMs: number;
  /** Never before this long from now, if the other side named it. */
  readonly retryAfterMs?: number;
}

/**
 * Schedules the next try with jitter: somewhere between half of the scheduled wait and the whole of it, so that
 * records that failed together do not come back together.
 *
 * A try that another event brought forward does not count: a record under fire would burn its schedule in minutes.
 *
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function nextTry(failed: FailedTry, scheduleMs: readonly number[], nowMs: number, random: number): NextTry {
  const notBeforeMs = nowMs + (failed.retryAfterMs ?? 0);
  if (failed.retryAtMs > nowMs) {
    return { kind: 'again', tries: failed.tries, retryAtMs: Math.max(failed.retryAtMs, notBeforeMs) };
  }
  const waitMs = scheduleMs[failed.tries];
  if (waitMs === undefined) return { kind: 'exhausted' };
  const jitteredMs = Math.round(waitMs / 2 + (random * waitMs) / 2);
  return { kind: 'again', tries: failed.tries + 1, retryAtMs: Math.max(nowMs + jitteredMs, notBeforeMs) };
}
