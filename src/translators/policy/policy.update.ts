import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Values of a policy were edited before it was issued, without a transaction of their own. */
export const policyUpdate = defineTranslator('policy.update', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, (policy) => `Policy ${policy.displayId} changed`),
});
