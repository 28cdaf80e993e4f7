import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** Another change came first, so this one can no longer be issued; a payment for it is reversed by Core. */
export const endorsementInvalidate = defineTranslator('endorsement.invalidate', {
  needs: ENDORSEMENT_NEEDS,
  mayBeGone: true,
  translate: (input) => endorsementTranslation(input, 'invalidated', { endState: 'invalidated' }),
});
