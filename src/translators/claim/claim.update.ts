import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, claimTranslation } from './claim-translation.js';

/** Facts of the claim changed. */
export const claimUpdate = defineTranslator('claim.update', {
  needs: CLAIM_NEEDS,
  translate: (input) => claimTranslation(input, 'updated'),
});
