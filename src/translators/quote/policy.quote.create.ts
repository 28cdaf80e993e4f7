import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** A quote was opened; the first one comes with its policy. */
export const policyQuoteCreate = defineTranslator('policy.quote.create', {
  needs: QUOTE_NEEDS,
  translate: (input) => quoteTranslation(input, 'drafted'),
});
