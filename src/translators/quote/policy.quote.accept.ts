import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** The customer agreed; the policy can be finalized and issued. */
export const policyQuoteAccept = defineTranslator('policy.quote.accept', {
  needs: QUOTE_NEEDS,
  translate: (input) => quoteTranslation(input, 'accepted'),
});
