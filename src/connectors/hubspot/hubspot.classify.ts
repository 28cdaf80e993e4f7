import type { HttpResponse } from '../../http/exchange.js';
import type { Failure, TargetResponse } from '../connector.js';
import { type JsonObject, objectOf, objectsOf, parseObject, textOf, textsOf } from '../kit/json.js';
import { statusFailure } from '../kit/status-failure.js';
import { transportFailure } from '../kit/transport-failure.js';
import { rejection } from './hubspot.advice.js';
import { limitFailure, migrationFailure } from './hubspot.limits.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

const REFUSED_CREDENTIALS = new Set([
  'INVALID_AUTHENTICATION',
  'EXPIRED_AUTHENTICATION',
  'BAD_REFRESH_TOKEN',
  'invalid_grant',
]);
const LOCK_MS = 2_000;
/** A name of HubSpot's schema, which may be told; anything else in an error may quote the record. */
const PROPERTY_NAME = /^[a-z][a-z0-9_]{0,99}$/i;
const SCOPE_NAME = /^[a-z_]{2,30}([.-][a-z_]{2,30}){0,4}(\.v\d)?$/;
/** HubSpot lists every scope that would do. */
const MOST_SCOPES = 4;
/** HubSpot lists its codes nowhere; all that were seen begin like this, and another word may be a name out of the record. */
const VENDOR_CODE = /^(INVALID|MISSING|REQUIRED|READ_ONLY|PROPERTY|TOO|DUPLICATE|UNKNOWN)(_[A-Z]{2,20}){1,4}$/;

/** As {@link failureOf}, and a 207 in which nothing succeeded is what went wrong first. */
export function classifyHubspot(response: TargetResponse, nowMs: number): Failure | undefined {
  const failure = failureOf(response, nowMs);
  if (failure !== undefined || response.kind !== 'answer' || response.status !== 207) return failure;
  const { results, errors } = parseObject(response.body) ?? {};
  const [first] = objectsOf(errors);
  return first && objectsOf(results).length === 0 ? errorFailure(first) : undefined;
}

/** What an exchange means as a whole; undefined: HubSpot did as asked, or after a 207 a part of it. */
export function failureOf(response: TargetResponse, nowMs: number): Failure | undefined {
  if (response.kind !== 'answer') return transportFailure(response);
  const { status } = response;
  const body = parseObject(response.body);
  if (status >= 200 && status < 300) {
    if (status === 204) return undefined;
    if (body === undefined) return unknownAnswer(status);
    return body.status === 'error' ? (failureInWords(body) ?? unknownAnswer(status)) : undefined;
  }
  return failureOfStatus(response, body ?? {}, nowMs);
}

/** What an error of a single input in a 207 means. */
export function errorFailure(error: JsonObject): Failure {
  if (isLimit(error)) return limitFailure(textOf(error.policyName), {}, 0);
  return failureInWords(error) ?? rejection('refused_by_hubspot');
}

function failureOfStatus(answer: Answer, body: JsonObject, nowMs: number): Failure {
  const { status } = answer;
  if (status === 429 || isLimit(body)) return limitFailure(textOf(body.policyName), answer.headers, nowMs);
  if (status === 477) return migrationFailure(answer.headers, nowMs);
  if (status === 423) return { outcome: 'retry', code: 'locked', retryAfterMs: LOCK_MS };
  const known = failureInWords(body) ?? statusFailure(answer, nowMs);
  if (known !== undefined) return known;
  // HubSpot itself refuses in its envelope; anything else comes from something in between.
  if (textOf(body.message) === '') return unknownAnswer(status);
  if (status === 403) return rejection('forbidden');
  if (status === 409) return { outcome: 'retry', code: 'conflict' };
  return status === 400 || status === 413 || status === 414 || status === 422
    ? rejection(`status_${status}`)
    : unknownAnswer(status);
}

function unknownAnswer(status: number): Failure {
  return { outcome: 'retry', code: `unknown_answer_${status}` };
}

function isLimit(body: JsonObject): boolean {
  return body.errorType === 'RATE_LIMIT' || body.category === 'RATE_LIMITS';
}

/** What HubSpot says, whatever the status; undefined where its words are not known. */
function failureInWords(body: JsonObject): Failure | undefined {
  const category = textOf(body.category);
  // The OAuth endpoints say it under `error` or `status`.
  if ([category, body.error, body.status].some((word) => REFUSED_CREDENTIALS.has(textOf(word)))) {
    return { outcome: 'auth', code: 'target_unauthorized' };
  }
  const message = textOf(body.message);
  if (/unable to infer object type/i.test(message)) return { outcome: 'retry', code: 'object_type_gone' };
  switch (category) {
    case 'MISSING_SCOPES':
      return rejection('missing_scopes', { scopes: scopesOf(body) });
    case 'OBJECT_NOT_FOUND':
      return { outcome: 'dependency', code: 'object_not_found' };
    case 'CONFLICT':
      return conflict(message);
    case 'OBJECT_ALREADY_EXISTS':
      return { outcome: 'retry', code: 'conflict' };
    case 'VALIDATION_ERROR':
      return invalid(body, message);
    default:
      return undefined;
  }
}

/** HubSpot keeps one contact per e-mail address; every other conflict is two writers at the same moment. */
function conflict(message: string): Failure {
  return /^contact already exists/i.test(message)
    ? rejection('email_taken', { field: 'email' })
    : { outcome: 'retry', code: 'conflict' };
}

function invalid(body: JsonObject, message: string): Failure {
  const errors = objectsOf(body.errors);
  const said = [message, ...errors.map((error) => textOf(error.message))].join('\n');
  if (/already has that value/i.test(said)) return takenValue(said);
  if (/required properties were not set/i.test(said)) return rejection('missing_required_property');
  const inner = innerError(message);
  const [first = {}] = errors;
  const code = [textOf(first.code), textOf(objectOf(inner).error)].find((text) => VENDOR_CODE.test(text));
  const field = [...textsOf(objectOf(first.context).propertyName), textOf(objectOf(inner).name), textOf(first.in)].find(
    (name) => PROPERTY_NAME.test(name),
  );
  return rejection((code ?? 'VALIDATION_ERROR').toLowerCase(), { ...(field !== undefined && { field }) });
}

/** A value that must be unique: of our key it is another writer who was faster, of any other property it is final. */
function takenValue(said: string): Failure {
  const field = /propertyName=([a-z0-9_]+)/i.exec(said)?.[1];
  if (field === undefined || field === 'socotra_key') return { outcome: 'retry', code: 'conflict' };
  return rejection('unique_value_taken', { field });
}

/** HubSpot puts the errors of single properties into the message, as JSON after a colon. */
function innerError(message: string): JsonObject | undefined {
  const start = message.indexOf('[{');
  return start < 0 ? undefined : objectsOf(objectOf(parseObject(`{"errors":${message.slice(start)}}`)).errors)[0];
}

function scopesOf(body: JsonObject): readonly string[] {
  const contexts = [body, ...objectsOf(body.errors)].map((part) => objectOf(part.context));
  return contexts
    .flatMap(({ requiredGranularScopes, requiredScopes }) => [
      ...textsOf(requiredGranularScopes),
      ...textsOf(requiredScopes),
    ])
    .filter((scope) => SCOPE_NAME.test(scope))
    .slice(0, MOST_SCOPES);
}
