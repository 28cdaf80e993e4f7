import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from '../policy/policy-translation.js';

/** Older lapse model: the cover is back. */
export const policyReinstatementIssue = defineTranslator('policy.reinstatement.issue', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, (policy) => `Policy ${policy.displayId} reinstated after its lapse`),
});
