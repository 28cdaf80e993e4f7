import { RECORD_KIND_NAMES, RECORD_KINDS, type RecordKind } from './record-kinds.js';
import { type Environment, recordKey } from './record-key.js';

it.each<[Environment, RecordKind, string, string]>([
  ['production', 'policy', '100004200', 'p-pol-100004200'],
  ['sandbox', 'policy', '100004200', 's-pol-100004200'],
  ['production', 'party', '8d0c5430-d72e-5494-ab32-1d39c028bcee', 'p-pty-8d0c5430-d72e-5494-ab32-1d39c028bcee'],
  ['production', 'invoice', 'AbC_-9', 'p-inv-AbC_-9'],
  ['production', 'claim', 'x'.repeat(58), `p-clm-${'x'.repeat(58)}`],
  ['production', 'claim', 'a/b.c:d e', 'p-clm-abcde_25058b747323'],
])('%s %s %s: %s', (environment, kind, locator, key) => {
  expect(recordKey(environment, kind, locator)).toBe(key);
});

it.each([
  ['x'.repeat(59), 'x'.repeat(20)],
  [`/${'x'.repeat(30)}`, 'x'.repeat(20)],
  ['é', ''],
  ['', ''],
])('%j is too long or unusual: its first safe characters and a hash', (locator, readable) => {
  expect(recordKey('production', 'claim', locator)).toMatch(new RegExp(`^p-clm-${readable}_[0-9a-f]{12}$`));
});

it.each(['a/b', 'é', '', '100 200', "x'); drop", 'x'.repeat(500), '日本'])(
  'a key of %j is safe anywhere',
  (locator) => {
    for (const kind of RECORD_KIND_NAMES)
      expect(recordKey('sandbox', kind, locator)).toMatch(/^s-[a-z]{3}-[A-Za-z0-9_-]{1,58}$/);
  },
);

it('keys of different locators stay different', () => {
  const locators = ['ab', 'a/b', 'a.b', 'a b', 'A/b', 'x'.repeat(59), `${'x'.repeat(58)}y`, ''];
  expect(new Set(locators.map((locator) => recordKey('production', 'policy', locator))).size).toBe(locators.length);
});

describe('the kinds', () => {
  it('have a code of three letters each', () => {
    const codes = RECORD_KIND_NAMES.map((kind) => RECORD_KINDS[kind].code);
    expect(codes).toEqual(['pty', 'pol', 'quo', 'chg', 'inv', 'clm', 'pay', 'sub', 'prm', 'act']);
  });

  it.each<[RecordKind, RecordKind]>([
    ['party', 'policy'],
    ['policy', 'quote'],
    ['policy', 'policy_change'],
    ['policy', 'invoice'],
    ['policy', 'claim'],
    ['invoice', 'payment'],
    ['claim', 'claim_item'],
    ['policy', 'premium_row'],
    ['payment', 'activity'],
    ['claim_item', 'activity'],
    ['premium_row', 'activity'],
  ])('%s comes before %s', (parent, child) => {
    expect(RECORD_KINDS[parent].order).toBeLessThan(RECORD_KINDS[child].order);
  });
});
