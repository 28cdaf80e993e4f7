import type { CanonicalRecord } from '../records/canonical-record.js';
import { SyncSize } from './sync-size.js';

// Safe: only what is measured of a record is here.
const record = (key: string, fields: object = {}) => ({ key, fields }) as unknown as CanonicalRecord;
const records = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, index) => record(`${prefix}${index}`));

it('takes what the events of one policy bring, however often they bring it', () => {
  const size = new SyncSize();
  for (let event = 0; event < 200; event++) expect(size.take(records(1_000))).toBe('taken');
});

it('takes no more records than one policy can have, and still those that it has taken already', () => {
  const size = new SyncSize();
  expect(size.take(records(2_000))).toBe('taken');
  expect(size.take(records(1, 'other'))).toBe('later');
  expect(size.take(records(2_001, 'other'))).toBe('never');
  expect(size.take(records(2_000))).toBe('taken');
});

it('takes no more text than one policy can have, also where it is one text in many records', () => {
  const size = new SyncSize();
  const long = { custom: { agent: 'x'.repeat(250_000) } };
  expect(size.take([1, 2, 3, 4, 5].map((key) => record(`long${key}`, long)))).toBe('never');
  expect(size.take([1, 2, 3].map((key) => record(`long${key}`, long)))).toBe('taken');
  expect(size.take([3, 4, 5].map((key) => record(`long${key}`, long)))).toBe('later');
});
