import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** The next term was drafted, often by a schedule well before the present one ends. */
export const renewalCreate = defineTranslator('renewal.create', {
  needs: RENEWAL_NEEDS,
  translate: (input) => renewalTranslation(input, 'drafted'),
});
