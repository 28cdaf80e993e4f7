import { defineTranslator } from '../translator.js';
import { announcedModification, modificationFacts } from './modifications.js';
import { RENEW } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The next term is bound; `renewal.issue` tells which offer was taken. */
export const policyRenew = defineTranslator('policy.renew', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const change = announcedModification(input, policy, ({ name }) => name === RENEW);
      return `Policy ${policy.displayId} renewed${modificationFacts(input, change, policy.currency)}`;
    }),
});
