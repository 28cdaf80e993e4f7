import type { Policy } from '../core/entities.js';

/**
 * As `compute`, with the last answer for each policy remembered: the events of one claim share a policy, read once, and ask
 * the same of it again and again. What is remembered goes with the policy.
 *
 * @param isSame whether two inputs lead to the same answer for one policy
 */
export function perPolicy<I, R>(
  compute: (policy: Policy, input: I) => R,
  isSame: (a: I, b: I) => boolean,
): (policy: Policy, input: I) => R {
  const known = new WeakMap<Policy, { readonly input: I; readonly answer: R }>();
  return (policy, input) => {
    const last = known.get(policy);
    if (last !== undefined && isSame(last.input, input)) return last.answer;
    const answer = compute(policy, input);
    known.set(policy, { input, answer });
    return answer;
  };
}
