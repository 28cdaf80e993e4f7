import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from '../policy/policy-translation.js';

/** Older lapse model: the time to come back is over. */
export const policyReinstatementClose = defineTranslator('policy.reinstatement.close', {
  needs: POLICY_NEEDS,
  mayBeGone: true,
  translate: (input) => policyTranslation(input, (policy) => `Policy ${policy.displayId} can no longer be reinstated`),
});
