import { claimTitle, cutTo, wordsOf } from './record-text.js';

it.each([
  ['CLM-1', '100004200', 'Claim CLM-1'],
  ['100004200', '100004200', 'Claim 100004200'],
  ['d58a4ab0-8cbe-5160-8b5a-d1930dcefb69', 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69', 'Claim …cefb69'],
  ['a long number of the insurer', '1', 'Claim a long number of the insurer'],
])('the claim %s of locator %s is called %s', (number, locator, title) => {
  expect(claimTitle(number, locator)).toBe(title);
});

it.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['ab😀😀', 4, 'ab…'],
  ['a😀😀', 4, 'a😀…'],
])('%s cut to %i is %s', (text, length, cut) => {
  expect(cutTo(text, length)).toBe(cut);
  expect(cutTo(text, length).isWellFormed()).toBe(true);
});

it('a code is read as words', () => {
  expect(wordsOf('in_grace_period')).toBe('In grace period');
});
