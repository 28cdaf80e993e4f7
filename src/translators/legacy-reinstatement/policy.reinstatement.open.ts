import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from '../policy/policy-translation.js';

/** Older lapse model: a lapsed policy may come back. */
export const policyReinstatementOpen = defineTranslator('policy.reinstatement.open', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => `Policy ${policy.displayId} can be reinstated after its lapse`),
});
