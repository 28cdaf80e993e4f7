import type { HttpResponse } from '../../http/exchange.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { Failure, TargetResponse } from '../connector.js';
import { parseJson } from '../kit/json.js';
import { statusFailure } from '../kit/status-failure.js';
import { transportFailure } from '../kit/transport-failure.js';
import { meaningOf, readErrors } from './salesforce.errors.js';
import { readRows, rowResult } from './salesforce.rows.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

/** The allowance is shared by all integrations of the org: the last of it is left to the others. */
const RESERVED_SHARE = 0.98;
const RESERVE_REST_MS = 5 * 60_000;

/** What an exchange means by itself: also that of an answer whose rows all failed, or that says the allowance is nearly used up. */
export function classifySalesforce(response: TargetResponse, nowMs: number): Failure | undefined {
  const failure = failureOf(response, nowMs);
  if (failure !== undefined || response.kind !== 'answer') return failure;
  return failureOfAllRows(response.body) ?? nearLimit(response.headers);
}

/** What is wrong with the exchange as a whole; a good answer may still carry rows that failed. */
export function failureOf(response: TargetResponse, nowMs: number): Failure | undefined {
  if (response.kind !== 'answer') return transportFailure(response);
  const { status, body } = response;
  const json = parseJson(body);
  const unknown: Failure = { outcome: 'retry', code: `unknown_answer_${status}` };
  if (status >= 200 && status < 300) return typeof json === 'object' && json !== null ? undefined : unknown;
  if (status === 300) return keyNotUnique();
  if (status === 401) return { outcome: 'auth', code: 'target_unauthorized' };
  // The version of the API was retired.
  if (status === 410) return { outcome: 'auth', code: 'target_gone' };
  const [error] = readErrors(json);
  const known = error && meaningOf(error, false);
  // A gateway's 502 to 504 speaks for the whole target, whatever the code in the body.
  if (known?.outcome === 'retry' && status > 500) return statusFailure(response, nowMs) ?? known;
  if (known?.outcome === 'throttled') return { ...known, ...namedWait(response, nowMs) };
  return known ?? statusFailure(response, nowMs) ?? unknown;
}

/** The share of the daily allowance that is used up, `api-usage=18/5000`; undefined: the answer does not say. */
export function usedShare(headers: Answer['headers']): number | undefined {
  const [, used, most] = /api-usage=(\d{1,12})\/(\d{1,12})/.exec(headers['sforce-limit-info'] ?? '') ?? [];
  return used === undefined || Number(most) === 0 ? undefined : Number(used) / Number(most);
}

function nearLimit(headers: Answer['headers']): Failure | undefined {
  const share = usedShare(headers);
  if (share === undefined || share < RESERVED_SHARE) return undefined;
  return { outcome: 'throttled', code: 'api_limit_near', retryAfterMs: RESERVE_REST_MS };
}

function failureOfAllRows(body: string): Failure | undefined {
  const results = readRows(body).map(rowResult);
  const failures = results.filter((result): result is Failure => result.outcome !== 'delivered');
  return failures.length === results.length ? failures[0] : undefined;
}

/** Salesforce names no time, but what stands before it may. */
function namedWait({ headers }: Answer, nowMs: number): { retryAfterMs?: number } {
  const waitMs = retryAfterMs(headers, nowMs);
  return waitMs === undefined ? {} : { retryAfterMs: waitMs };
}

function keyNotUnique(): Failure {
  const advice = 'Two records in Salesforce carry the same Socotra Key: delete or merge one of them.';
  return { outcome: 'rejected', code: 'key_not_unique', advice };
}
