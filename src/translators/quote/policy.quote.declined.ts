import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** The quote is lost, by the customer or by underwriting. It stays in the target as a lost one. */
export const policyQuoteDeclined = defineTranslator('policy.quote.declined', {
  needs: QUOTE_NEEDS,
  translate: (input) => quoteTranslation(input, 'declined'),
});
