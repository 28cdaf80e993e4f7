import { defineTranslator } from '../translator.js';
import { REINSTATEMENT_NEEDS, reinstatementTranslation } from './reinstatement-translation.js';

/** Nobody took the offer in time: the policy stays cancelled. */
export const reinstatementDeadlineReached = defineTranslator('reinstatement.deadlineReached', {
  needs: REINSTATEMENT_NEEDS,
  mayBeGone: true,
  translate: (input) => reinstatementTranslation(input, 'expired unused', { endState: 'expired' }),
});
