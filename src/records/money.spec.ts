import { Big } from 'big.js';
import { decimalString, formatMoney, formatSigned, isNegative, isPositive, negate, sum } from './money.js';

describe('decimalString', () => {
  it.each([
    ['0', '0.00'],
    ['-0', '0.00'],
    ['1100', '1100.00'],
    ['89.7', '89.70'],
    ['-732.000', '-732.00'],
    ['0.125', '0.125'],
    ['12345678901234567890.1', '12345678901234567890.10'],
    ['1e3', '1000.00'],
    ['1e-7', '0.0000001'],
  ])('writes %s as %s', (value, expected) => {
    expect(decimalString(new Big(value))).toBe(expected);
  });
});

describe('sum', () => {
  it.each([
    [[], '0.00'],
    [['277.26', '912.49'], '1189.75'],
    [['0.1', '0.2'], '0.30'],
    [['-792.39', '792.39'], '0.00'],
    [['0.005', '0.005'], '0.01'],
  ])('of %j is %s', (amounts, expected) => {
    expect(sum(amounts)).toBe(expected);
  });
});

it.each([
  ['89.75', '-89.75'],
  ['-732.00', '732.00'],
  ['0.00', '0.00'],
])('negates %s to %s', (amount, expected) => {
  expect(negate(amount)).toBe(expected);
});

it.each([
  ['0.01', true, false],
  ['0.00', false, false],
  ['-0.01', false, true],
])('knows the sign of %s', (amount, positive, negative) => {
  expect([isPositive(amount), isNegative(amount)]).toEqual([positive, negative]);
});

it.each([
  ['89.75', 'USD', '89.75 USD', '+89.75 USD'],
  ['-732.00', 'USD', '-732.00 USD', '-732.00 USD'],
  ['0.00', 'EUR', '0.00 EUR', '0.00 EUR'],
  ['5.00', undefined, '5.00', '+5.00'],
])('puts %s %s into a sentence', (amount, currency, plain, signed) => {
  expect([formatMoney(amount, currency), formatSigned(amount, currency)]).toEqual([plain, signed]);
});
