import { decimalOf, type Json, jsonText } from './salesforce.json.js';

describe('the text that is sent', () => {
  it.each<[Json, string]>([
    [{ a: { decimal: '1100.00' }, b: null, c: true }, '{"a":1100.00,"b":null,"c":true}'],
    // More digits than a float holds.
    [{ a: { decimal: '-9007199254740993.07' } }, '{"a":-9007199254740993.07}'],
    [['x', { y: 'Zoë "Z"\n' }], '["x",{"y":"Zoë \\"Z\\"\\n"}]'],
    [{ 'a"b': 'c' }, '{"a\\"b":"c"}'],
    [{ decimal: 'not a number' }, '{"decimal":"not a number"}'],
    [{}, '{}'],
    [[], '[]'],
  ])('%j', (value, text) => {
    expect(jsonText(value)).toBe(text);
  });
});

it.each([
  ['1100.00', { decimal: '1100.00' }],
  ['-0.5', { decimal: '-0.5' }],
  ['0', { decimal: '0' }],
  [null, null],
  [undefined, undefined],
  ['', undefined],
  ['1e5', undefined],
  ['01', undefined],
  ['.5', undefined],
  ['5.', undefined],
  ['1,5', undefined],
  ['5}', undefined],
  ['NaN', undefined],
])('%j as a decimal: %j', (text, decimal) => {
  expect(decimalOf(text)).toEqual(decimal);
});
