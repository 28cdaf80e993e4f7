import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** The next term has a price that can be offered. */
export const renewalQuote = defineTranslator('renewal.quote', {
  needs: RENEWAL_NEEDS,
  translate: (input) => renewalTranslation(input, 'priced'),
});
