import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Undocumented; by its name the policy now follows a newer configuration of its product, so it is only read again. */
export const policyUpgrade = defineTranslator('policy.upgrade', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => `Policy ${policy.displayId} moved to another version of its product`),
});
