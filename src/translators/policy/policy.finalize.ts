import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Price and documents are fixed: the policy waits to be issued. */
export const policyFinalize = defineTranslator('policy.finalize', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => `Policy ${policy.displayId} finalized, ready to be issued`),
});
