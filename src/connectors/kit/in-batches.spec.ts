import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import type { Delivery, DeliveryResult } from '../connector.js';
import { type BatchAnswer, inBatches } from './in-batches.js';

const DELIVERED: DeliveryResult = { outcome: 'delivered', change: 'updated' };
const REJECTED: DeliveryResult = { outcome: 'rejected', code: 'bad_batch', advice: 'Look at it.' };

const deliveries = (count: number) =>
  Array.from({ length: count }, (_, index) => deliveryOf(FULL_RECORDS.party, String(index)));

/** Sends, and keeps the ids of every call. */
async function send(count: number, size: number, answer: (ids: readonly string[]) => BatchAnswer) {
  const calls: string[][] = [];
  const results = await inBatches(deliveries(count), size, (batch: readonly Delivery[]) => {
    const ids = batch.map(({ deliveryId }) => deliveryId);
    calls.push(ids);
    return Promise.resolve(answer(ids));
  });
  return { calls, results };
}

const allDelivered = (ids: readonly string[]) => ids.map(() => DELIVERED);

it.each<[number, number, string[]]>([
  [0, 3, []],
  [1, 3, ['0']],
  [3, 3, ['012']],
  [7, 3, ['012', '345', '6']],
])('%i records in batches of %i', async (count, size, expected) => {
  const { calls, results } = await send(count, size, allDelivered);
  expect(calls.map((ids) => ids.join(''))).toEqual(expected);
  expect(results).toEqual(Array(count).fill(DELIVERED));
});

it('keeps the order of the results', async () => {
  const { results } = await send(5, 2, (ids) => ids.map((id) => ({ outcome: 'skipped', code: id })));
  expect(results.map((result) => 'code' in result && result.code)).toEqual(['0', '1', '2', '3', '4']);
});

it('halves a batch that is rejected as a whole until the bad record stands alone', async () => {
  const { calls, results } = await send(8, 8, (ids) => (ids.includes('5') ? REJECTED : allDelivered(ids)));
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(8).fill('delivered').with(5, 'rejected'));
  expect(calls.map((ids) => ids.join(''))).toEqual(['01234567', '0123', '4567', '45', '4', '5', '67']);
});

it.each<DeliveryResult>([
  { outcome: 'retry', code: 'status_500' },
  { outcome: 'dependency', code: 'parent_missing' },
])('does not halve what may pass: %j', async (answer) => {
  const { calls, results } = await send(3, 2, () => answer as BatchAnswer);
  expect(calls).toHaveLength(2);
  expect(results).toEqual([answer, answer, answer]);
});

it.each<[DeliveryResult, DeliveryResult]>([
  [
    { outcome: 'throttled', code: 'status_429', retryAfterMs: 5 },
    { outcome: 'throttled', code: 'status_429', retryAfterMs: 5 },
  ],
  [
    { outcome: 'auth', code: 'target_unauthorized' },
    { outcome: 'auth', code: 'target_unauthorized' },
  ],
  [
    { outcome: 'unknown_outcome', code: 'timeout' },
    { outcome: 'unreachable', code: 'timeout' },
  ],
])('sends nothing more after %j', async (answer, rest) => {
  const { calls, results } = await send(5, 2, () => answer as BatchAnswer);
  expect(calls).toEqual([['0', '1']]);
  expect(results).toEqual([answer, answer, rest, rest, rest]);
});

it('sends nothing more when one record of a batch says so, not even the other half', async () => {
  const auth: DeliveryResult = { outcome: 'auth', code: 'target_unauthorized' };
  const { calls, results } = await send(4, 4, (ids) => (ids.length > 2 ? REJECTED : ids.map(() => auth)));
  expect(calls.map((ids) => ids.join(''))).toEqual(['0123', '01']);
  expect(results).toEqual([auth, auth, auth, auth]);
});
