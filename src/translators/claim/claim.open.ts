import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, claimTranslation } from './claim-translation.js';

/** The claim was accepted for handling. */
export const claimOpen = defineTranslator('claim.open', {
  needs: CLAIM_NEEDS,
  translate: (input) => claimTranslation(input, 'opened'),
});
