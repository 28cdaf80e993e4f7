import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** A draft was edited; a price it had no longer holds. */
export const policyQuoteUpdate = defineTranslator('policy.quote.update', {
  needs: QUOTE_NEEDS,
  translate: (input) => quoteTranslation(input, 'changed'),
});
