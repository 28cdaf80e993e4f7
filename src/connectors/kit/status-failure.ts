import type { HttpResponse } from '../../http/exchange.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { Failure } from '../connector.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

/** Refusals that may change by themselves, as any 5xx may (proxies have their own, up to 530). */
const PASSING_REFUSALS = new Set([408, 425]);
const LONGEST_RESET_MS = 3_600_000;

/**
 * Statuses that mean the same whatever the target: it is busy, down, or refuses the credentials.
 *
 * @param nowMs milliseconds since the epoch
 * @returns undefined for every other status; a target that says more in its body is to be asked first
 */
export function statusFailure(answer: Answer, nowMs: number): Failure | undefined {
  const { status, headers } = answer;
  const code = `status_${status}`;
  const waitMs = retryAfterMs(headers, nowMs) ?? (status === 429 ? rateLimitResetMs(headers, nowMs) : undefined);
  const retryAfter = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  // A gateway that says so speaks for all records: what is behind it does not answer.
  const isOfGateway = status === 502 || status === 503 || status === 504;
  if (status === 429 || (isOfGateway && waitMs !== undefined)) return { outcome: 'throttled', code, ...retryAfter };
  if (isOfGateway) return { outcome: 'unreachable', code };
  if (status >= 500 || PASSING_REFUSALS.has(status)) return { outcome: 'retry', code, ...retryAfter };
  if (status === 401) return { outcome: 'auth', code: 'target_unauthorized' };
  return undefined;
}

/**
 * Some targets name the end of their limit only here: seconds from now, or an instant in seconds since the epoch. Gateways
 * put it on every answer, so it is a wish only where a limit was hit.
 */
function rateLimitResetMs(headers: Answer['headers'], nowMs: number): number | undefined {
  const text = headers['ratelimit-reset'] ?? headers['x-ratelimit-reset'];
  if (text === undefined || !/^\d{1,12}$/.test(text.trim())) return undefined;
  const seconds = Number(text);
  const isInstant = seconds > 1_000_000_000;
  return Math.min(LONGEST_RESET_MS, Math.max(0, isInstant ? seconds * 1_000 - nowMs : seconds * 1_000));
}
