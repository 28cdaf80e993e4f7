import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, endorsementTranslation } from './endorsement-translation.js';

/** Somebody began to change the policy; nothing binds yet. */
export const endorsementCreate = defineTranslator('endorsement.create', {
  needs: ENDORSEMENT_NEEDS,
  translate: (input) => endorsementTranslation(input, 'drafted'),
});
