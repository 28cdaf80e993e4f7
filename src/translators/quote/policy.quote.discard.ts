import { defineTranslator } from '../translator.js';
import { QUOTE_NEEDS, quoteTranslation } from './quote-translation.js';

/** The quote was thrown away and never counted; Core may no longer have it. */
export const policyQuoteDiscard = defineTranslator('policy.quote.discard', {
  needs: QUOTE_NEEDS,
  mayBeGone: true,
  translate: (input) => quoteTranslation(input, 'discarded', { endState: 'discarded' }),
});
