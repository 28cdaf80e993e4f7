import type { DeliveryResult } from '../connector.js';
import { withoutRefusedFields } from './without-refused-fields.js';

const DELIVERED: DeliveryResult = { outcome: 'delivered', change: 'updated', targetId: '7' };
const refuse = (field: string): DeliveryResult => ({
  outcome: 'rejected',
  code: 'bad_value',
  field,
  advice: 'Look at it.',
});

/** A target that refuses these fields as long as they are sent, the first of them first. */
async function write(refused: readonly string[], needed: readonly string[] = []) {
  const calls: string[][] = [];
  const result = await withoutRefusedFields(
    (field) => !needed.includes(field),
    (leftOut) => {
      calls.push([...leftOut]);
      const field = refused.find((one) => !leftOut.has(one));
      return Promise.resolve(field === undefined ? DELIVERED : refuse(field));
    },
  );
  return { calls, result };
}

it('writes once what nobody refuses, and names nothing', async () => {
  expect(await write([])).toEqual({ calls: [[]], result: DELIVERED });
});

it('leaves out what is refused, one after the other, and names it', async () => {
  const { calls, result } = await write(['phone', 'city']);
  expect(calls).toEqual([[], ['phone'], ['phone', 'city']]);
  const refusedFields = ['phone', 'city'].map((field) => ({ field, code: 'bad_value' }));
  expect(result).toEqual({ ...DELIVERED, refusedFields });
});

it('gives up at a field that the record makes no sense without', async () => {
  const { calls, result } = await write(['phone', 'name'], ['name']);
  expect(calls).toEqual([[], ['phone']]);
  expect(result).toEqual(refuse('name'));
});

it('gives up after five fields', async () => {
  const fields = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { calls, result } = await write(fields);
  expect(calls).toHaveLength(6);
  expect(result).toEqual(refuse('f'));
  expect((await write(fields.slice(0, 5))).result).toMatchObject({ outcome: 'delivered' });
});

it('gives up when the target refuses what was not sent', async () => {
  let calls = 0;
  const result = await withoutRefusedFields(
    () => true,
    () => {
      calls += 1;
      return Promise.resolve(refuse('phone'));
    },
  );
  expect([calls, result]).toEqual([2, refuse('phone')]);
});

it.each<DeliveryResult>([
  { outcome: 'rejected', code: 'bad_record', advice: 'Look at it.' },
  { outcome: 'retry', code: 'status_500' },
  { outcome: 'throttled', code: 'status_429' },
  { outcome: 'dependency', code: 'parent_missing' },
  { outcome: 'skipped', code: 'never_there' },
])('hands on what names no field: %j', async (answer) => {
  let calls = 0;
  const result = await withoutRefusedFields(
    () => true,
    () => {
      calls += 1;
      return Promise.resolve(calls === 1 ? refuse('phone') : answer);
    },
  );
  expect([calls, result]).toEqual([2, answer]);
});
