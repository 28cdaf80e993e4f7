import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from '../policy/policy-translation.js';

/** Older lapse model: the bill that has to be paid to get the cover back. */
export const policyReinstatementInvoice = defineTranslator('policy.reinstatement.invoice', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, (policy) => `Reinstatement of policy ${policy.displayId} billed`),
});
