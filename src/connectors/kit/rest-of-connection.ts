import type { DeliveryResult } from '../connector.js';

/**
 * What the result of one record means for the others that were to follow on the same connection: nothing is asked of a
 * target that wants rest, refuses the credentials, or does not answer.
 *
 * @returns the result of every record that is not sent because of it; undefined when the next one may be sent
 */
export function restOfConnection(result: DeliveryResult): DeliveryResult | undefined {
  switch (result.outcome) {
    case 'throttled':
    case 'auth':
    case 'unreachable':
      return result;
    case 'unknown_outcome':
      return { outcome: 'unreachable', code: result.code };
    case 'delivered':
    case 'skipped':
    case 'retry':
    case 'dependency':
    case 'rejected':
      return undefined;
  }
}

/** As {@link restOfConnection}, of the first of these results after which nothing more is sent. */
export function stopAfter(results: Iterable<DeliveryResult>): DeliveryResult | undefined {
  for (const result of results) {
    const rest = restOfConnection(result);
    if (rest !== undefined) return rest;
  }
  return undefined;
}
