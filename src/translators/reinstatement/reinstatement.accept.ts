import { defineTranslator } from '../translator.js';
import { REINSTATEMENT_NEEDS, conditionOf, reinstatementTranslation } from './reinstatement-translation.js';

/** The policyholder takes the offer; the bill for it is due. */
export const reinstatementAccept = defineTranslator('reinstatement.accept', {
  needs: REINSTATEMENT_NEEDS,
  translate: (input) => reinstatementTranslation(input, 'accepted', { detail: conditionOf(input) }),
});
