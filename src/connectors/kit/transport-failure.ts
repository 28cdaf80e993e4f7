import { SHUTTING_DOWN } from '../../http/exchange.js';
import type { Failure, TargetResponse } from '../connector.js';

/** The meaning of an exchange that brought no answer; the same for every target. Undefined: there is an answer to judge. */
export function transportFailure(response: TargetResponse): Failure | undefined {
  switch (response.kind) {
    case 'held':
      return { outcome: 'throttled', code: 'connection_resting', retryAfterMs: response.retryAfterMs };
    case 'unreachable':
      return { outcome: 'unreachable', code: response.code };
    case 'lost':
      // Not a try: we have cut it ourselves.
      if (response.code === SHUTTING_DOWN) return { outcome: 'throttled', code: SHUTTING_DOWN, retryAfterMs: 0 };
      return { outcome: 'unknown_outcome', code: response.code };
    case 'answer':
      return undefined;
  }
}
