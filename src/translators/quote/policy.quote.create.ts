import { defineTranslator } from '../translator.js';
import { draftedLine, isFirstQuote } from './offer-lines.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** A quote was opened; the first one comes with its policy and is told as one line with `policy.create`. */
export const policyQuoteCreate = defineTranslator('policy.quote.create', {
  needs: QUOTE_NEEDS,
  translate: (input) => {
    const { policy } = input.snapshot;
    const line = policy && isFirstQuote(input, policy) ? draftedLine(input, policy) : undefined;
    return quoteTranslation(input, 'drafted', { line });
  },
});
