import type { Failure, TargetResponse } from '../connector.js';

/** The meaning of an exchange that brought no answer; the same for every target. Undefined: there is an answer to judge. */
export function transportFailure(response: TargetResponse): Failure | undefined {
  switch (response.kind) {
    case 'held':
      return { outcome: 'throttled', code: 'connection_resting', retryAfterMs: response.retryAfterMs };
    case 'unreachable':
      return { outcome: 'unreachable', code: response.code };
    case 'lost':
      return { outcome: 'unknown_outcome', code: response.code };
    case 'answer':
      return undefined;
  }
}
