import { defineTranslator } from '../translator.js';
import { amount, period } from '../wording.js';
import { CREATE } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/**
 * The policy is bound. The first bill keeps a line of its own: that the customer is covered and what has to be paid
 * until when are two things, and the bill's total holds taxes and fees that the premium does not.
 */
export const policyIssue = defineTranslator('policy.issue', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const cover = period(input, ', cover', policy.originalContractStartMs, policy.originalContractEndMs);
      const creation = policy.modifications.find(({ name }) => name === CREATE);
      return `Policy ${policy.displayId} issued${cover}${amount(': premium', creation?.premiumChange, policy.currency)}`;
    }),
});
