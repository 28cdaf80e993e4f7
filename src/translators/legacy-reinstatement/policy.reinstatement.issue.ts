import { awaiting, ownLine } from '../activity.js';
import { decidingModification, LAPSE } from '../policy/policy-status.js';
import { POLICY_NEEDS, policyTranslation } from '../policy/policy-translation.js';
import { defineTranslator } from '../translator.js';

/** Older lapse model: the cover is back. */
export const policyReinstatementIssue = defineTranslator('policy.reinstatement.issue', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const sentence = `Policy ${policy.displayId} reinstated after its lapse`;
      const isLapsedStill = decidingModification(policy, input.snapshot.asOfMs)?.name === LAPSE;
      return isLapsedStill ? awaiting('modification', ownLine(input, undefined, sentence)) : sentence;
    }),
});
