import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, claimTranslation } from './claim-translation.js';

/** A loss was reported; the claim is pending. */
export const claimCreate = defineTranslator('claim.create', {
  needs: CLAIM_NEEDS,
  translate: (input) => claimTranslation(input, 'reported'),
});
