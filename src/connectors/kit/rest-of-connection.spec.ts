import type { DeliveryResult } from '../connector.js';
import { restOfConnection, stopAfter } from './rest-of-connection.js';

it.each<[DeliveryResult, DeliveryResult | undefined]>([
  [{ outcome: 'delivered', change: 'created' }, undefined],
  [{ outcome: 'skipped', code: 'x' }, undefined],
  [{ outcome: 'retry', code: 'x' }, undefined],
  [{ outcome: 'dependency', code: 'x' }, undefined],
  [{ outcome: 'rejected', code: 'x', advice: 'x' }, undefined],
  [
    { outcome: 'throttled', code: 'x', retryAfterMs: 5 },
    { outcome: 'throttled', code: 'x', retryAfterMs: 5 },
  ],
  [
    { outcome: 'auth', code: 'target_gone' },
    { outcome: 'auth', code: 'target_gone' },
  ],
  [
    { outcome: 'unreachable', code: 'x' },
    { outcome: 'unreachable', code: 'x' },
  ],
  // Only the record itself may have been taken; the others were certainly not sent.
  [
    { outcome: 'unknown_outcome', code: 'timeout' },
    { outcome: 'unreachable', code: 'timeout' },
  ],
])('after %j the rest: %j', (result, rest) => {
  expect(restOfConnection(result)).toEqual(rest);
});

it('the first result that stops the connection speaks for all that follow', () => {
  const retry: DeliveryResult = { outcome: 'retry', code: 'x' };
  const lost: DeliveryResult = { outcome: 'unknown_outcome', code: 'timeout' };
  expect(stopAfter([])).toBeUndefined();
  expect(stopAfter([retry, retry])).toBeUndefined();
  expect(stopAfter([retry, lost, { outcome: 'auth', code: 'target_gone' }])).toEqual({
    outcome: 'unreachable',
    code: 'timeout',
  });
});
