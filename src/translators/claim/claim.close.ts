import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, claimTranslation } from './claim-translation.js';

/** The claim is settled; Core closes its subclaims with it. */
export const claimClose = defineTranslator('claim.close', {
  needs: CLAIM_NEEDS,
  translate: (input) => claimTranslation(input, 'closed'),
});
