import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** The draft was thrown away. */
export const endorsementDiscard = defineTranslator('endorsement.discard', {
  needs: ENDORSEMENT_NEEDS,
  mayBeGone: true,
  translate: (input) => endorsementTranslation(input, 'discarded', { endState: 'discarded' }),
});
