import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, subClaimTranslation } from './claim-translation.js';

/** Handling of one damage under one coverage began. */
export const subClaimOpen = defineTranslator('subClaim.open', {
  needs: CLAIM_NEEDS,
  translate: (input) => subClaimTranslation(input, () => 'item opened'),
});
