import { awaiting, ownLine } from '../activity.js';
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
      const premium = amount(': premium', creation?.premiumChange, policy.currency);
      const sentence = `Policy ${policy.displayId} issued${cover}${premium}`;
      // Nothing else would come to tell that it is no quote any more.
      return policy.issuedMs === undefined ? awaiting('modification', ownLine(input, undefined, sentence)) : sentence;
    }),
});
