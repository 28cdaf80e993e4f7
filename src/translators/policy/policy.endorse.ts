import { defineTranslator } from '../translator.js';
import { announcedModification, isEndorsement, modificationFacts } from './modifications.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** An endorsement became part of the policy; `endorsement.issue` tells which one. */
export const policyEndorse = defineTranslator('policy.endorse', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const change = announcedModification(input, policy, isEndorsement);
      return `Policy ${policy.displayId} endorsed${modificationFacts(input, change, policy.currency)}`;
    }),
});
