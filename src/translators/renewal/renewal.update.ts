import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** The draft of the next term was edited. */
export const renewalUpdate = defineTranslator('renewal.update', {
  needs: RENEWAL_NEEDS,
  translate: (input) => renewalTranslation(input, 'draft changed'),
});
