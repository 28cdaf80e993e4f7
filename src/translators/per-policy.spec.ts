import { policyOf } from '../../test/support/translation-input.js';
import { perPolicy } from './per-policy.js';

it('computes once for a policy and what is the same of it', () => {
  const computed: string[] = [];
  const compute = perPolicy(
    ({ locator }, input: string) => {
      computed.push(`${locator} ${input}`);
      return computed.length;
    },
    (a, b) => a.toLowerCase() === b.toLowerCase(),
  );
  const [first, second] = [policyOf({ locator: 'first' }), policyOf({ locator: 'second' })];
  const answers = [compute(first, 'x'), compute(first, 'X'), compute(second, 'x'), compute(first, 'x')];
  expect(answers).toEqual([1, 1, 2, 1]);
  expect([compute(first, 'y'), compute(first, 'x')]).toEqual([3, 4]);
  expect(computed).toEqual(['first x', 'second x', 'first y', 'first x']);
});
