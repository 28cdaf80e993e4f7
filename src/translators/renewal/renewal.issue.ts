import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, issuedRenewal } from './renewal-translation.js';

/** The next term is bound; it begins on the effective date. */
export const renewalIssue = defineTranslator('renewal.issue', {
  needs: RENEWAL_NEEDS,
  translate: issuedRenewal,
});
