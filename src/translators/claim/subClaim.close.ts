import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, subClaimTranslation } from './claim-translation.js';

/** Handling of one damage ended; Core sets its reserves to zero. */
export const subClaimClose = defineTranslator('subClaim.close', {
  needs: CLAIM_NEEDS,
  translate: (input) => subClaimTranslation(input, () => 'item closed'),
});
