import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, subClaimTranslation } from './claim-translation.js';

/** Facts of one damage changed. */
export const subClaimUpdate = defineTranslator('subClaim.update', {
  needs: CLAIM_NEEDS,
  translate: (input) => subClaimTranslation(input, () => 'item updated'),
});
