import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2024-10-21T07:28:00Z');

it.each([
  ['seconds', '120', 120_000],
  ['zero', '0', 0],
  ['blanks around', ' 5 ', 5_000],
  ['a date', 'Mon, 21 Oct 2024 07:28:30 GMT', 30_000],
  ['a date in the past', 'Mon, 21 Oct 2024 07:27:00 GMT', 0],
  ['a date in the older form', 'Monday, 21-Oct-24 07:28:30 GMT', 30_000],
  ['a date far away', 'Tue, 21 Oct 2025 07:28:00 GMT', 3_600_000],
  ['days', '864000', 3_600_000],
  ['more seconds than anybody means', '99999999999', 3_600_000],
  ['a negative number', '-5', undefined],
  ['a fraction', '1.5', undefined],
  ['a word that only looks like a date', 'Mon, never', undefined],
  ['blank', ' ', undefined],
  ['a word', 'later', undefined],
  ['nothing', undefined, undefined],
])('%s', (_, value, expected) => {
  expect(retryAfterMs(value === undefined ? {} : { 'retry-after': value }, NOW)).toBe(expected);
});
