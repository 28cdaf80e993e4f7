import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** This offer of a next term was thrown away; a sibling may still be open. */
export const renewalDiscard = defineTranslator('renewal.discard', {
  needs: RENEWAL_NEEDS,
  mayBeGone: true,
  translate: (input) => renewalTranslation(input, 'discarded', { endState: 'discarded' }),
});
