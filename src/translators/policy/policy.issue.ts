import { defineTranslator } from '../translator.js';
import { amount, period } from '../wording.js';
import { announcedModification } from './modifications.js';
import { CREATE } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The policy is bound. The first bill has an event of its own. */
export const policyIssue = defineTranslator('policy.issue', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const cover = period(input, ', cover', policy.originalContractStartMs, policy.originalContractEndMs);
      const created = announcedModification(input, policy, ({ name }) => name === CREATE);
      return `Policy ${policy.displayId} issued${cover}${amount(': premium', created?.premiumChange, policy.currency)}`;
    }),
});
