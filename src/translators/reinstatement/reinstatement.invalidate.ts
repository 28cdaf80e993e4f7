import { defineTranslator } from '../translator.js';
import { REINSTATEMENT_NEEDS, reinstatementTranslation } from './reinstatement-translation.js';

/** The offer can no longer be taken, because the policy changed. */
export const reinstatementInvalidate = defineTranslator('reinstatement.invalidate', {
  needs: REINSTATEMENT_NEEDS,
  mayBeGone: true,
  translate: (input) => reinstatementTranslation(input, 'invalidated', { endState: 'invalidated' }),
});
