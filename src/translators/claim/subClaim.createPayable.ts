import { defineTranslator } from '../translator.js';
import { PAYABLE_NEEDS, payableWords, subClaimTranslation } from './claim-translation.js';

/** An amount to pay out was recorded. */
export const subClaimCreatePayable = defineTranslator('subClaim.createPayable', {
  needs: PAYABLE_NEEDS,
  translate: (input) => subClaimTranslation(input, () => `payable${payableWords(input)} created`),
});
