import { retryAfterMs } from '../../http/retry-after.js';
import type { DeliveryResult, Failure } from '../connector.js';

type Headers = Readonly<Record<string, string>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAILY_LIMIT = 'limit_daily';

/**
 * Waits by the policy that a 429 names; HubSpot promises no `Retry-After` there:
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
const POLICY_WAITS_MS: ReadonlyMap<string, number> = new Map([
  ['TEN_SECONDLY_ROLLING', 10_000],
  ['SECONDLY', 1_000],
]);
const USUAL_WAIT_MS = 10_000;

/** @param nowMs milliseconds since the epoch */
export function limitFailure(policy: string, headers: Headers, nowMs: number): Failure {
  const named = retryAfterMs(headers, nowMs);
  // The day ends at midnight of the account, which the answer does not tell: see `untilMidnight`.
  if (policy === 'DAILY') return { outcome: 'throttled', code: DAILY_LIMIT, retryAfterMs: named ?? HOUR_MS };
  const code = POLICY_WAITS_MS.has(policy) ? `limit_${policy.toLowerCase()}` : 'limit';
  return { outcome: 'throttled', code, retryAfterMs: named ?? POLICY_WAITS_MS.get(policy) ?? USUAL_WAIT_MS };
}

/** The account moves to another data centre; HubSpot says for how long, in seconds, up to a day. */
export function migrationFailure(headers: Headers, nowMs: number): Failure {
  const seconds = headers['retry-after']?.trim() ?? '';
  const waitMs = /^\d{1,9}$/.test(seconds) ? Math.min(Number(seconds) * 1_000, DAY_MS) : retryAfterMs(headers, nowMs);
  return { outcome: 'throttled', code: 'account_migrating', retryAfterMs: waitMs ?? HOUR_MS };
}

/** A record that met the daily limit waits for the midnight at which the account's day ends. */
export function untilMidnight(result: DeliveryResult, timeZone: string, nowMs: number): DeliveryResult {
  if (result.outcome !== 'throttled' || result.code !== DAILY_LIMIT) return result;
  return { ...result, retryAfterMs: msToMidnight(timeZone, nowMs) };
}

function msToMidnight(timeZone: string, nowMs: number): number {
  const parts = clockIn(timeZone).formatToParts(nowMs);
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value ?? 0);
  return DAY_MS - ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000 - (nowMs % 1_000);
}

/** The zone's name comes from HubSpot; an unknown one is taken for UTC. */
function clockIn(timeZone: string): Intl.DateTimeFormat {
  const options = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
    throw error;
  }
}
