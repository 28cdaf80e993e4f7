import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** The quote is priced and locked: it can be offered. */
export const policyQuoteQuoted = defineTranslator('policy.quote.quoted', {
  needs: QUOTE_NEEDS,
  translate: (input) => quoteTranslation(input, 'priced'),
});
