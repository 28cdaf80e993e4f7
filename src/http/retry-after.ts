const SECONDS = /^\d+$/;
/** The three forms of an HTTP date all begin with the day; Date.parse alone takes nearly anything for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? /;
const HOUR_MS = 3_600_000;

/**
 * How long an answer asks us to wait, in milliseconds: `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3).
 * Never longer than an hour, so that a mistaken header cannot stop a tenant for days. Undefined: it does not say.
 *
 * @param nowMs milliseconds since the epoch, to measure a date against
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  const waitMs = SECONDS.test(value) ? Number(value) * 1000 : instantOf(value) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), HOUR_MS);
}

function instantOf(date: string): number {
  return HTTP_DATE.test(date) ? Date.parse(date) : NaN;
}
