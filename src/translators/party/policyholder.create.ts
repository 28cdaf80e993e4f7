import { defineTranslator } from '../translator.js';
import { tell } from '../translation.js';

/** A customer was created. */
export const policyholderCreate = defineTranslator('policyholder.create', {
  needs: ['policyholder'],
  translate: (input) => tell(input, { line: 'Policyholder added' }),
});
