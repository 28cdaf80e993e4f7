import { defineTranslator } from '../translator.js';
import { announcedModification, modificationFacts } from './modifications.js';
import { CANCEL } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** A cancellation was issued; it may take effect later, so the status comes from the policy and not from this event. */
export const policyCancel = defineTranslator('policy.cancel', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const change = announcedModification(input, policy, ({ name }) => name === CANCEL);
      const reason = change?.cancellationName === undefined ? '' : ` (${change.cancellationName})`;
      return `Policy ${policy.displayId} cancelled${reason}${modificationFacts(input, change, policy.currency)}`;
    }),
});
