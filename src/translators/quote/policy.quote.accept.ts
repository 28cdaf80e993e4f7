import { defineTranslator } from '../translator.js';
import { acceptedLine } from './offer-lines.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** The customer agreed; the policy can be issued. Told as one line with `policy.finalize`. */
export const policyQuoteAccept = defineTranslator('policy.quote.accept', {
  needs: QUOTE_NEEDS,
  translate: (input) => {
    const { policy } = input.snapshot;
    return quoteTranslation(input, 'accepted', { line: policy && acceptedLine(input, policy) });
  },
});
