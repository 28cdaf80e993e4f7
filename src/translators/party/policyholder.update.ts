import { defineTranslator } from '../translator.js';
import { tell } from '../translation.js';

/** Values of a customer changed, for example the address. */
export const policyholderUpdate = defineTranslator('policyholder.update', {
  needs: ['policyholder'],
  translate: (input) => tell(input, { line: 'Policyholder details changed' }),
});
