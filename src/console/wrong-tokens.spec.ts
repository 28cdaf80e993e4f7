import { WrongTokens } from './wrong-tokens.js';

const MINUTES_MS = 60_000;

function after(wrong: number, everyMs = 0): WrongTokens {
  const tokens = new WrongTokens();
  for (let time = 0; time < wrong; time++) tokens.add('a', time * everyMs);
  return tokens;
}

it.each<[string, number, number, number, number]>([
  ['nobody has tried', 0, 0, 0, 0],
  ['nine wrong ones', 9, 0, 0, 0],
  ['ten wrong ones shut it for ten minutes', 10, 0, 0, 10 * MINUTES_MS],
  ['more do not prolong that', 40, 0, 0, 10 * MINUTES_MS],
  ['it opens by itself', 10, 0, 10 * MINUTES_MS, 0],
  ['the ten minutes count from the first', 10, MINUTES_MS / 2, 5 * MINUTES_MS, 5 * MINUTES_MS],
  ['one wrong token in two minutes is a slip', 30, 2 * MINUTES_MS, 60 * MINUTES_MS, 0],
])('%s', (_what, wrong, everyMs, nowMs, shutForMs) => {
  expect(after(wrong, everyMs).shutForMs('a', nowMs)).toBe(shutForMs);
});

it('says once when it shuts', () => {
  const tokens = new WrongTokens();
  expect(Array.from({ length: 12 }, () => tokens.add('a', 0)).indexOf(true)).toBe(9);
  expect(tokens.add('a', 1)).toBe(false);
});

it('does not concern other tenants', () => {
  expect(after(10).shutForMs('b', 0)).toBe(0);
});
