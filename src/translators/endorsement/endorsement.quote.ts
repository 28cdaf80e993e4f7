import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** The change has a price that can be offered. */
export const endorsementQuote = defineTranslator('endorsement.quote', {
  needs: ENDORSEMENT_NEEDS,
  translate: (input) => endorsementTranslation(input, 'priced'),
});
