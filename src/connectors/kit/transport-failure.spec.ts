import { answered } from '../../../test/support/fake-target.ts';
import type { Failure, TargetResponse } from '../connector.js';
import { transportFailure } from './transport-failure.js';

it.each<[TargetResponse, Failure | undefined]>([
  [answered(500), undefined],
  [
    { kind: 'held', retryAfterMs: 7 },
    { outcome: 'throttled', code: 'connection_resting', retryAfterMs: 7 },
  ],
  [
    { kind: 'unreachable', code: 'enotfound', permanent: true },
    { outcome: 'unreachable', code: 'enotfound' },
  ],
  // It may have arrived.
  [
    { kind: 'lost', code: 'timeout' },
    { outcome: 'unknown_outcome', code: 'timeout' },
  ],
  // By us: it is not the other side's failure, and no try of the event's.
  [
    { kind: 'lost', code: 'shutting_down' },
    { outcome: 'throttled', code: 'shutting_down', retryAfterMs: 0 },
  ],
])('%j means %j', (response, failure) => {
  expect(transportFailure(response)).toEqual(failure);
});
