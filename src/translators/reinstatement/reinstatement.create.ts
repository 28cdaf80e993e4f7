import { defineTranslator } from '../translator.js';
import { REINSTATEMENT_NEEDS, conditionOf, reinstatementTranslation } from './reinstatement-translation.js';

/** A cancelled policy may come back, usually against a payment until a deadline. */
export const reinstatementCreate = defineTranslator('reinstatement.create', {
  needs: REINSTATEMENT_NEEDS,
  translate: (input) => reinstatementTranslation(input, 'offered', { detail: conditionOf(input) }),
});
