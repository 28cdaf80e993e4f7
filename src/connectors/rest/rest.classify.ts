import type { HttpResponse } from '../../http/exchange.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { DeliveryResult } from '../connector.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

/** Refusals that may change by themselves, as any 5xx may (proxies have their own, up to 530); the rest of 4xx will not. */
const PASSING_REFUSALS = new Set([408, 425]);

/** What the receiver's answer to one pushed record means. */
export function classifyRest(response: HttpResponse, nowMs: number): DeliveryResult {
  if (response.kind === 'unreachable') return { outcome: 'unreachable', code: response.code };
  if (response.kind === 'lost') return { outcome: 'unknown_outcome', code: response.code };
  const { status } = response;
  if (status >= 200 && status < 300) return readResult(response.body);
  const code = `status_${status}`;
  const waitMs = retryAfterMs(response.headers, nowMs) ?? rateLimitResetMs(response, nowMs);
  const retryAfter = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  if (status === 429 || (status === 503 && waitMs !== undefined)) return { outcome: 'throttled', code, ...retryAfter };
  // A gateway that says so speaks for all records: what is behind it does not answer.
  if (status === 502 || status === 503 || status === 504) return { outcome: 'unreachable', code };
  if (status >= 500 || PASSING_REFUSALS.has(status)) return { outcome: 'retry', code, ...retryAfter };
  if (status === 401) return { outcome: 'auth', code: 'target_unauthorized' };
  if (status === 410) return { outcome: 'auth', code: 'target_gone' };
  return { outcome: 'rejected', code, advice: adviceFor(status) };
}

function adviceFor(status: number): string {
  if (status >= 300 && status < 400) return 'The address answers with a redirect: set the address it leads to.';
  if (status === 403) return 'The receiver forbids this record: check the rights of the account.';
  if (status === 404) return 'There is nothing at the address: check it.';
  if (status === 409) return 'The receiver reports a conflict: look for the record there.';
  return 'The receiver refused the record: look into its log.';
}

/** Some receivers name the end of their limit only here: seconds from now, or an instant in seconds since the epoch. */
function rateLimitResetMs({ headers }: Answer, nowMs: number): number | undefined {
  const text = headers['ratelimit-reset'] ?? headers['x-ratelimit-reset'];
  if (text === undefined || !/^\d{1,12}$/.test(text.trim())) return undefined;
  const seconds = Number(text);
  const isInstant = seconds > 1_000_000_000;
  return Math.min(3_600_000, Math.max(0, isInstant ? seconds * 1_000 - nowMs : seconds * 1_000));
}

/** A 2xx is acceptance, unless its body says otherwise of this record. */
function readResult(body: string): DeliveryResult {
  const result = firstResult(body);
  if (result === undefined) return { outcome: 'delivered', change: 'updated' };
  const { status, targetId, retryable } = result;
  if (status === 'failed') {
    // The receiver's own code and message stay there: they may quote the record.
    const advice = 'The receiver refused the record: look into its log.';
    return retryable === true
      ? { outcome: 'retry', code: 'receiver_failed' }
      : { outcome: 'rejected', code: 'receiver_refused', advice };
  }
  const change = status === 'created' ? 'created' : status === 'ignored' ? 'unchanged' : 'updated';
  return { outcome: 'delivered', change, ...(typeof targetId === 'string' && { targetId: targetId.slice(0, 128) }) };
}

function firstResult(body: string): Partial<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    const results: unknown = typeof json === 'object' && json !== null && 'results' in json ? json.results : undefined;
    const first: unknown = Array.isArray(results) ? results[0] : undefined;
    return typeof first === 'object' && first !== null ? (first as Partial<Record<string, unknown>>) : undefined;
  } catch {
    // The contract allows any body, or none: a 2xx alone is acceptance.
    return undefined;
  }
}
