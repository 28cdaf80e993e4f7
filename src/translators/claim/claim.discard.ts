import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, claimTranslation } from './claim-translation.js';

/** The claim was thrown away; Core has no such status and may no longer have the claim. */
export const claimDiscard = defineTranslator('claim.discard', {
  needs: CLAIM_NEEDS,
  mayBeGone: true,
  translate: (input) => claimTranslation(input, 'discarded', 'discarded'),
});
