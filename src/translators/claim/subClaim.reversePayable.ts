import { defineTranslator } from '../translator.js';
import { PAYABLE_NEEDS, payableWords, subClaimTranslation } from './claim-translation.js';

/** An amount to pay out was taken back. */
export const subClaimReversePayable = defineTranslator('subClaim.reversePayable', {
  needs: PAYABLE_NEEDS,
  translate: (input) => subClaimTranslation(input, () => `payable${payableWords(input)} reversed`),
});
