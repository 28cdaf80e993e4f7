import { defineTranslator } from '../translator.js';
import { REINSTATEMENT_NEEDS, reinstatementTranslation } from './reinstatement-translation.js';

/** The cover is back from the effective date, as if there had been no gap where the two dates agree. */
export const reinstatementIssue = defineTranslator('reinstatement.issue', {
  needs: REINSTATEMENT_NEEDS,
  translate: (input) => reinstatementTranslation(input, 'issued', { isCarriedOut: true }),
});
