import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The policy reached its end date. Core does not send this for one that was cancelled. */
export const policyEnd = defineTranslator('policy.end', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(
      input,
      (policy) => `Policy ${policy.displayId} reached its end${onDay(input, ' on', policy.effectiveContractEndMs)}`,
    ),
});
