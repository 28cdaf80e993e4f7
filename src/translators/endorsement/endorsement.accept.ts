import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** The policyholder agreed to the priced change. */
export const endorsementAccept = defineTranslator('endorsement.accept', {
  needs: ENDORSEMENT_NEEDS,
  translate: (input) => endorsementTranslation(input, 'accepted'),
});
