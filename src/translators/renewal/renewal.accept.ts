import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** The policyholder agreed to the next term. */
export const renewalAccept = defineTranslator('renewal.accept', {
  needs: RENEWAL_NEEDS,
  translate: (input) => renewalTranslation(input, 'accepted'),
});
