import { defineTranslator } from '../translator.js';
import { issuedLine } from './issued-line.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** An endorsement became part of the policy; told as one line with `endorsement.issue`. */
export const policyEndorse = defineTranslator('policy.endorse', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, () => issuedLine(input, 'endorsement.issue')),
});
