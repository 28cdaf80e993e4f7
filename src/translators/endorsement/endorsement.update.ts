import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** The draft of a change was edited before it was priced. */
export const endorsementUpdate = defineTranslator('endorsement.update', {
  needs: ENDORSEMENT_NEEDS,
  translate: (input) => endorsementTranslation(input, 'draft changed'),
});
