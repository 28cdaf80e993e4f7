import type { HttpResponse } from '../../http/exchange.js';
import type { Failure, TargetResponse } from '../connector.js';
import { statusFailure } from '../kit/status-failure.js';
import { transportFailure } from '../kit/transport-failure.js';
import { failureOfError, type OdooError } from './odoo.errors.js';
import { isObject, parseJson, textOf } from '../kit/json.js';
import { failureOfLoad } from './odoo.load-answer.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

/**
 * What an exchange means. Odoo reports permanent mistakes with 500, and failures of JSON-RPC and of `load` with 200: the
 * name of the exception and the text of the message decide, and the status only where there is neither.
 *
 * @param nowMs milliseconds since the epoch
 */
export function classifyOdoo(response: TargetResponse, nowMs: number): Failure | undefined {
  const failure = failureOfExchange(response, nowMs);
  if (failure !== undefined || response.kind !== 'answer') return failure;
  return failureOfLoad(resultIn(response.body));
}

/** As {@link classifyOdoo}, but a `load` that saved nothing counts as answered: its messages tell row by row why. */
export function failureOfExchange(response: TargetResponse, nowMs: number): Failure | undefined {
  if (response.kind !== 'answer') return transportFailure(response);
  const json = parseJson(response.body);
  const error = errorIn(json, response.status);
  if (error !== undefined) return failureOfError(error, response.status) ?? unnamedFailure(response, nowMs);
  if (response.status < 200 || response.status > 299) return unnamedFailure(response, nowMs);
  // Odoo always answers with JSON: a page is a proxy's or a login's, and a torn body may have been a success.
  return json === undefined ? { outcome: 'retry', code: 'answer_unreadable' } : undefined;
}

/** The value that a called method returned, of either transport. */
export function resultIn(body: string): unknown {
  const json = parseJson(body);
  return isEnvelope(json) ? json['result'] : json;
}

function isEnvelope(json: unknown): json is Partial<Record<string, unknown>> {
  return isObject(json) && 'jsonrpc' in json;
}

/** JSON-2 answers with the exception itself under a status, JSON-RPC wraps it and answers 200. */
function errorIn(json: unknown, status: number): OdooError | undefined {
  if (!isObject(json)) return undefined;
  const wrapped = isEnvelope(json) && isObject(json['error']) ? json['error'] : undefined;
  const bare = !isEnvelope(json) && (status < 200 || status > 299) ? json : undefined;
  const error = wrapped && isObject(wrapped['data']) ? wrapped['data'] : (wrapped ?? bare);
  if (error === undefined) return undefined;
  const { name, message } = error;
  return { name: textOf(name), message: textOf(message) };
}

/** Answers that carry no exception of a known name: of proxies in front of Odoo, or of its web server. */
function unnamedFailure(answer: Answer, nowMs: number): Failure {
  const { status, body } = answer;
  const known = statusFailure(answer, nowMs);
  if (known !== undefined) return known.outcome === 'retry' ? { ...known, code: `unknown_answer_${status}` } : known;
  if (status === 404 && /no database is selected/i.test(body)) {
    return { outcome: 'unreachable', code: 'database_not_found' };
  }
  if (status >= 300 && status < 400) return { outcome: 'unreachable', code: 'redirected' };
  if (status === 410) return { outcome: 'auth', code: 'target_gone' };
  if (status === 413) {
    const advice = 'A server in front of Odoo refuses requests of this size: raise its limit.';
    return { outcome: 'rejected', code: 'request_too_large', advice };
  }
  return { outcome: 'retry', code: `unknown_answer_${status}` };
}
