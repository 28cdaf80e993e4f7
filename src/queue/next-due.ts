/** How long a root waits whose wake-up was handed out, but brought nothing new. */
const WAKE_RETRY_MS = 300_000;

/**
 * When a root is due after a claim that no new event has touched: with its earliest retry, or when time changes it;
 * undefined: nothing is left. What was claimed goes to the end of the line at least, so that one root cannot keep the
 * others of its tenant waiting, and a wake-up that has passed without success comes again after a while, not at once.
 */
export function dueAfterClaim(
  claimedAtMs: number,
  retryAtMs: number | undefined,
  wakeAtMs: number | undefined,
): number | undefined {
  const hasPassed = wakeAtMs !== undefined && wakeAtMs <= claimedAtMs;
  const wokenAtMs = hasPassed ? claimedAtMs + WAKE_RETRY_MS : (wakeAtMs ?? Infinity);
  const dueAtMs = Math.min(retryAtMs ?? Infinity, wokenAtMs);
  return dueAtMs === Infinity ? undefined : Math.max(dueAtMs, claimedAtMs);
}
