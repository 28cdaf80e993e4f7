import { acceptedLine } from '../quote/offer-lines.js';
import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Price and documents are fixed: the policy waits to be issued. Told as one line with `policy.quote.accept`. */
export const policyFinalize = defineTranslator('policy.finalize', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, (policy) => acceptedLine(input, policy)),
});
