import type { Labels } from '../logql/plan.ts';
import { PANELS, type Unit } from '../panels.ts';
import type { ReadCounts } from './log-reader.ts';
import { countsInWords, rowWords, valueInWords } from './words.ts';

it.each<[number, Unit, string]>([
  [0, 'milliseconds', '0 ms'],
  [950.4, 'milliseconds', '950 ms'],
  [1_540, 'milliseconds', '1.5 s'],
  [120_000, 'milliseconds', '2 min'],
  [150_900, 'milliseconds', '2 min 30 s'],
  [3_599_999, 'milliseconds', '59 min 59 s'],
  [3_600_000, 'milliseconds', '1 h'],
  [93_600_000, 'milliseconds', '1 d 2 h'],
  [88_400_000, 'bytes', '88 MB'],
  [0.04166, 'per second', '0.042/s'],
  [1_234, 'count', '1,234'],
])('%d %s: %s', (value, unit, words) => {
  expect(valueInWords(value, unit)).toBe(words);
});

it.each<[Partial<ReadCounts>, string]>([
  [{}, '0 lines of Socotra Sync.'],
  [{ own: 1 }, '1 line of Socotra Sync.'],
  [{ own: 1_000, foreign: 1 }, '1,000 lines of Socotra Sync. 1 other JSON line left out.'],
  [
    { own: 2, foreign: 2, garbage: 1, isCutOff: true },
    '2 lines of Socotra Sync. 2 other JSON lines and 1 other line left out. The last line is cut off.',
  ],
])('%j: %s', (counts, words) => {
  expect(countsInWords({ own: 0, foreign: 0, garbage: 0, isCutOff: false, ...counts })).toBe(words);
});

it.each<[string, Labels, string]>([
  ['late-now', { state: 'paused', code: 'target_gone' }, 'The target answers 410'],
  ['late-now', { state: 'retrying', code: 'status_503' }, 'The target is not well.'],
  ['late-now', { state: 'resting', code: 'status_429' }, 'The target asks for rest'],
  ['late-now', { state: 'resting', code: '' }, 'asked to rest'],
  ['late-now', { state: 'due', code: '' }, 'In hand'],
  ['late-now', { state: 'not_called', code: '' }, 'Nobody has called'],
  ['late-now', { state: 'stopped', code: '' }, 'The customer stopped it'],
  ['dead-letters', { code: 'status_422' }, 'The target refused the record for good.'],
  ['dead-letters', { code: 'odoo_access_error' }, "target's own"],
  ['retries-by-reason', { code: 'not_found_yet' }, 'Core does not show the record yet'],
])('%s %j: %s', (id, labels, words) => {
  const panel = PANELS.find((one) => one.id === id);
  expect(panel && rowWords(panel, labels)?.meaning).toContain(words);
});

it('says nothing where the labels say all', () => {
  const panel = PANELS.find(({ id }) => id === 'failures');
  expect(panel && rowWords(panel, { code: 'x' })).toBeUndefined();
});
