import { defineTranslator } from '../translator.js';
import { tell } from '../translation.js';
import { PARTY_NEEDS } from './party-record.js';

/** Values of a customer changed, for example the address. */
export const policyholderUpdate = defineTranslator('policyholder.update', {
  needs: PARTY_NEEDS,
  translate: (input) => tell(input, { line: 'Policyholder details changed' }),
});
