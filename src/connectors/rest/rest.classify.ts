import type { HttpResponse } from '../../http/exchange.js';
import type { DeliveryResult, Failure, TargetResponse } from '../connector.js';
import { type BatchAnswer, isOnePerRecord } from '../kit/in-batches.js';
import { isObject, type JsonObject, listOf, parseObject } from '../kit/json.js';
import { statusFailure } from '../kit/status-failure.js';
import { transportFailure } from '../kit/transport-failure.js';

type Answer = Extract<HttpResponse, { kind: 'answer' }>;

/**
 * What the receiver's answer to a push means.
 *
 * @param keys of the records that were pushed, in their order
 * @returns one result per record in that order, or one for the request as a whole
 */
export function resultsOfPush(response: TargetResponse, keys: readonly string[], nowMs: number): BatchAnswer {
  if (response.kind !== 'answer') return transportFailure(response) ?? { outcome: 'retry', code: 'no_answer' };
  const { status, body } = response;
  if (status < 200 || status >= 300) return failedPush(response, nowMs);
  return ownResults(body, keys).map(readResult);
}

/** What an exchange means for the first record of its request; undefined when that was taken. */
export function classifyRest(response: TargetResponse, nowMs: number): Failure | undefined {
  const answer = resultsOfPush(response, [''], nowMs);
  const [result] = isOnePerRecord(answer) ? answer : [answer];
  return result === undefined || result.outcome === 'delivered' || result.outcome === 'skipped' ? undefined : result;
}

function failedPush(answer: Answer, nowMs: number): Failure {
  const { status } = answer;
  if (status === 410) return { outcome: 'auth', code: 'target_gone' };
  const known = statusFailure(answer, nowMs);
  return known ?? { outcome: 'rejected', code: `status_${status}`, advice: adviceFor(status) };
}

function adviceFor(status: number): string {
  if (status >= 300 && status < 400) return 'The address answers with a redirect: set the address it leads to.';
  if (status === 403) return 'The receiver forbids this record: check the rights of the account.';
  if (status === 404) return 'There is nothing at the address: check it.';
  if (status === 409) return 'The receiver reports a conflict: look for the record there.';
  return 'The receiver refused the record: look into its log.';
}

/** A 2xx is acceptance, unless its body says otherwise of the record. */
function readResult(result: JsonObject | undefined): DeliveryResult {
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

/**
 * What the body says of each record. The contract allows any body, or none: a 2xx alone is acceptance. Results are in the
 * order of the records; one that names another record of the request belongs to that, wherever it stands.
 */
function ownResults(body: string, keys: readonly string[]): readonly (JsonObject | undefined)[] {
  const results = listOf(parseObject(body)?.results).map((result) => (isObject(result) ? result : undefined));
  return keys.map((key, place) => {
    const named = results.find((result) => result?.key === key);
    const inPlace = results[place];
    return named ?? (keys.some((other) => inPlace?.key === other) ? undefined : inPlace);
  });
}
