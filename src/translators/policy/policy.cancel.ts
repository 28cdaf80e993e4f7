import { defineTranslator } from '../translator.js';
import { issuedLine } from './issued-line.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/**
 * A cancellation was issued; it may take effect later, so the status comes from the policy and not from this event.
 * Told as one line with `cancellation.issue`.
 */
export const policyCancel = defineTranslator('policy.cancel', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, () => issuedLine(input, 'cancellation.issue')),
});
