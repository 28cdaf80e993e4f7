import { defineTranslator } from '../translator.js';
import { tell } from '../translation.js';
import { PARTY_NEEDS } from './party-record.js';

/** A customer was created. */
export const policyholderCreate = defineTranslator('policyholder.create', {
  needs: PARTY_NEEDS,
  translate: (input) => tell(input, { line: 'Policyholder added' }),
});
