import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, subClaimTranslation } from './claim-translation.js';

/** Handling of one damage began again. */
export const subClaimReopen = defineTranslator('subClaim.reopen', {
  needs: CLAIM_NEEDS,
  translate: (input) => subClaimTranslation(input, () => 'item reopened'),
});
