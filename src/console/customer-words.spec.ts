import { type ReasonPlace, REASONS } from '../ops/reasons.js';
import { customerWords } from './customer-words.js';

/** What only the operator has, knows or is called by: commands, lines of the log, codes, pages of the repository. */
const OPERATORS_WORLD =
  /\bops\b|`|_|\bapp\.\w|\bcustomer|\bdocs\b|\breplay|\bpurge|\bresume\b|\bprocess\b|State API|webhook|\btenant rests\b|Report\b/i;
const PLACES: readonly ReasonPlace[] = ['skipped', 'retry', 'dead', 'paused'];
/** Every reason that the console may show, by one code that it stands for. */
const ALL = PLACES.flatMap((place) =>
  REASONS.filter(({ where }) => where === place).flatMap(({ codes }) =>
    codes.map((pattern): [ReasonPlace, string] => [place, pattern.replace('<n>', '22').replace('<x>', 'thing')]),
  ),
);

it.each(ALL)('%s, %s: in the console stands nothing that only the operator has', (where, code) => {
  const words = customerWords(where, code);
  expect(words).not.toMatch(OPERATORS_WORLD);
  expect(words).toMatch(/^["A-Z].*\.$/);
  expect(words.length).toBeLessThan(200);
});

it.each(ALL.filter(([where]) => where === 'dead' || where === 'paused'))('%s, %s: says what to do', (where, code) => {
  expect(customerWords(where, code)).toMatch(/again|ask|save|connect|settings/i);
});

it.each(PLACES)('%s: a code without words is named, with whom to ask', (where) => {
  const words = customerWords(where, 'valueerror');
  expect(words).toContain('The reason has only a code: valueerror.');
  expect(customerWords(where, 'own\u001b[2J')).not.toContain('\u001b');
  expect(words).toMatch(/ask the operator/i);
  expect(words).not.toMatch(OPERATORS_WORLD);
});

it('a reason that is fit for both is said with what helps', () => {
  expect(customerWords('retry', 'core_status_500')).toBe(
    'Core, or something before it, is not well. If it does not end, ask Socotra.',
  );
  expect(customerWords('skipped', 'newer_already_there')).toBe('The target already holds a newer state.');
});
