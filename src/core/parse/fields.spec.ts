import { Fields } from './fields.js';

function read<T>(value: unknown, reading: (fields: Fields) => T): { value: T; problems: string[] } {
  const problems: string[] = [];
  return { value: reading(new Fields({ member: value }, problems)), problems };
}

describe('a time', () => {
  it.each([
    ['digits in a string', '1717225200000', 1717225200000, []],
    ['a number', 1717225200000, 1717225200000, []],
    ['before the epoch', '-86400000', -86400000, []],
    ['missing', undefined, undefined, []],
    ['null', null, undefined, []],
    ['empty', '', undefined, []],
    ['a word', 'soon', undefined, ['member is not a time in milliseconds']],
    ['digits with an exponent', '17e11', undefined, ['member is not a time in milliseconds']],
    ['another base', '0x18fd0a2c300', undefined, ['member is not a time in milliseconds']],
    ['a fraction', 1.5, undefined, ['member is not a time in milliseconds']],
    ['beyond the range of dates', 8.65e15, undefined, ['member is not a time in milliseconds']],
    [
      'ISO',
      '2024-06-01T07:00:00Z',
      undefined,
      ['member is not a time in milliseconds but an ISO time, as Insurance Suite writes it'],
    ],
  ])('%s', (_, json, value, problems) => {
    expect(read(json, (fields) => fields.timestamp('member'))).toEqual({ value, problems });
  });
});

describe('an amount', () => {
  it.each([
    ['a number', 89.75, '89.75', []],
    ['a whole number', 1100, '1100.00', []],
    ['a decimal string', '-732.0', '-732.00', []],
    ['more decimals than two', '0.12500', '0.125', []],
    ['a number with an exponent', 1e20, '100000000000000000000.00', []],
    ['missing', null, undefined, []],
    ['a word', 'unlimited', undefined, ['member is not a decimal amount']],
    ['an exponent in a string', '1e999999', undefined, ['member is not a decimal amount']],
    ['an infinite number', Infinity, undefined, ['member is not a decimal amount']],
    ['a vanishing number', 1e-300, undefined, ['member is not a decimal amount']],
    ['an object', {}, undefined, ['member is not a decimal amount']],
  ])('%s', (_, json, value, problems) => {
    expect(read(json, (fields) => fields.money('member'))).toEqual({ value, problems });
  });
});

describe('text', () => {
  it.each([
    ['text', 'a', 'a', []],
    ['a number', 100004200, '100004200', []],
    ['empty', '', undefined, []],
    ['an array', ['a'], undefined, ['member is not text']],
    ['long text', 'x'.repeat(1_000), 'x'.repeat(1_000), []],
    ['text without end', 'x'.repeat(1_001), undefined, ['member is longer than 1000 characters']],
  ])('%s', (_, json, value, problems) => {
    expect(read(json, (fields) => fields.text('member'))).toEqual({ value, problems });
  });
});

describe('a flag', () => {
  it.each([
    ['true', true, true, []],
    ['false as text', 'false', false, []],
    ['a number', 1, undefined, ['member is not true or false']],
  ])('%s', (_, json, value, problems) => {
    expect(read(json, (fields) => fields.flag('member'))).toEqual({ value, problems });
  });
});

it('what is required is missed', () => {
  const missing = { problems: ['member is missing'] };
  expect(read(undefined, (fields) => fields.requiredText('member'))).toEqual({ value: '', ...missing });
  expect(read(undefined, (fields) => fields.requiredTimestamp('member'))).toEqual({ value: 0, ...missing });
  expect(read(undefined, (fields) => fields.requiredMoney('member'))).toEqual({ value: '0.00', ...missing });
});

describe('a list', () => {
  it.each([
    ['an array', [{ locator: 'a' }, { locator: 'b' }], ['a', 'b'], []],
    ['a bare object', { locator: 'a' }, ['a'], []],
    ['missing', undefined, [], []],
    ['not objects', [{ locator: 'a' }, 5], ['a'], ['member[1] is not an object']],
    ['a number as locator', [{ locator: 5 }], [''], ['member[0].locator is not text']],
    ['a locator without end', [{ locator: 'x'.repeat(1_001) }], [''], ['member[0].locator is too long']],
  ])('%s', (_, json, value, problems) => {
    expect(read(json, (fields) => fields.list('member', (item) => item.locator()))).toEqual({ value, problems });
  });
});

it('of what becomes a record each, not more is read than a policy can have', () => {
  const items = (count: number) => Array.from({ length: count }, (_, index) => ({ locator: String(index) }));
  const readItems = (count: number) =>
    read(items(count), (fields) => fields.recordList('member', (item) => item.locator()));
  expect(readItems(1_000)).toMatchObject({ value: { length: 1_000 }, problems: [] });
  expect(readItems(1_001)).toEqual({ value: [], problems: ['member has more than 1000 entries'] });
});

describe('the currency', () => {
  it.each([
    ['under its own name', { currency: 'EUR', totalCurrency: 'USD' }, 'EUR'],
    ['of a sibling', { total: 1, totalCurrency: 'USD' }, 'USD'],
    ['of something inside', { items: [{ fee: {} }, { fee: { amountCurrency: 'CHF' } }] }, 'CHF'],
    ['of nothing that looks like one', { favouriteCurrency: 'dollars' }, undefined],
  ])('%s', (_, json, expected) => {
    expect(new Fields(json, []).currency('currency')).toBe(expected);
  });

  it('is not searched without end', () => {
    let deep: Record<string, unknown> = { amountCurrency: 'USD' };
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
    expect(new Fields(deep, []).currency('currency')).toBeUndefined();
  });
});
