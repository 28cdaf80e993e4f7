import { defineTranslator } from '../translator.js';
import { issuedLine } from './issued-line.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The next term is bound; told as one line with `renewal.issue`. */
export const policyRenew = defineTranslator('policy.renew', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, () => issuedLine(input, 'renewal.issue')),
});
