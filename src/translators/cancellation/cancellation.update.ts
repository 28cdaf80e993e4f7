import { defineTranslator } from '../translator.js';
import { CANCELLATION_NEEDS, cancellationTranslation } from './cancellation-translation.js';

/** The draft of a cancellation was edited, for example its date. */
export const cancellationUpdate = defineTranslator('cancellation.update', {
  needs: CANCELLATION_NEEDS,
  translate: (input) => cancellationTranslation(input, 'draft changed'),
});
