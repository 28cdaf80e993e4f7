import { defineTranslator } from '../translator.js';
import { period } from '../wording.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** A policy begins its life as a quote. */
export const policyCreate = defineTranslator('policy.create', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(
      input,
      (policy) =>
        `Policy ${policy.displayId} drafted${period(input, ', cover', policy.originalContractStartMs, policy.originalContractEndMs)}`,
    ),
});
