import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, reserveWords, subClaimTranslation } from './claim-translation.js';

/** The amount set aside for one damage changed. */
export const subClaimUpdateReserve = defineTranslator('subClaim.updateReserve', {
  needs: CLAIM_NEEDS,
  translate: (input) => subClaimTranslation(input, (subClaim) => `reserve set${reserveWords(input, ' to', subClaim)}`),
});
