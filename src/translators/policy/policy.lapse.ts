import { awaiting, ownLine } from '../activity.js';
import { defineTranslator } from '../translator.js';
import { announcedModification, modificationFacts } from './modifications.js';
import { LAPSE } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Only in the older lapse model: the policy ended because a bill stayed unpaid. */
export const policyLapse = defineTranslator('policy.lapse', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const change = announcedModification(input, policy, ({ name }) => name === LAPSE);
      const sentence = `Policy ${policy.displayId} lapsed${modificationFacts(input, change, policy.currency)}`;
      return change === undefined ? awaiting('modification', ownLine(input, undefined, sentence)) : sentence;
    }),
});
