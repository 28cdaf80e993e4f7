import { StateFailures } from './state-failures.js';

/** `a` fails, `A` is answered; what is news is written as a capital in the result. */
function news(steps: string): string {
  const failures = new StateFailures();
  return [...steps]
    .map((step) => {
      const key = step.toLowerCase();
      if (step === key) return failures.isNews(key) ? 'news' : '.';
      failures.answered(key);
      return '';
    })
    .join('');
}

it.each([
  ['an outage of hours', 'aaaaa', 'news....'],
  ['one of many tenants', 'abcabc', 'news.....'],
  ['a second one', 'abABab', 'news.news.'],
  ['a second one that others notice first', 'abABba', 'news.news.'],
  ['one key that fails among others that do not', 'aBaBaB', 'news..'],
  ['two of them', 'aCbCaCb', 'newsnews..'],
  ['an outage while one key fails anyway', 'aBCabc', 'news.news.'],
])('%s: %s is %s', (_what, steps, expected) => {
  expect(news(steps)).toBe(expected);
});

it('is said once, however many forged keys are tried meanwhile', () => {
  const failures = new StateFailures();
  const said = Array.from({ length: 5_000 }, (_, index) => failures.isNews(`forged-${index}`)).filter(Boolean);
  expect(said).toHaveLength(1);
});
