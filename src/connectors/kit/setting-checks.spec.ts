import { isHeaderValue, isUsableUrl } from './setting-checks.js';

it.each([
  ['https://crm.test/in', true],
  ['http://127.0.0.1:9/in', true],
  ['crm.test/in', false],
  ['ftp://crm.test/in', false],
  ['https://user@crm.test/', false],
  ['https://:secret@crm.test/', false],
  ['', false],
])('the address %s is usable: %s', (text, expected) => {
  expect(isUsableUrl(text)).toBe(expected);
});

it.each([
  ['pat-na1-0123 x', true],
  ['', false],
  ['a\nb', false],
  ['schlüssel', false],
  ['\u0000', false],
])('%j fits into a header: %s', (text, expected) => {
  expect(isHeaderValue(text)).toBe(expected);
});
