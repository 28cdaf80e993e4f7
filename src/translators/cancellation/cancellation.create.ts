import { defineTranslator } from '../translator.js';
import { CANCELLATION_NEEDS, cancellationTranslation } from './cancellation-translation.js';

/** A cancellation is being prepared; the policy can still be kept. */
export const cancellationCreate = defineTranslator('cancellation.create', {
  needs: CANCELLATION_NEEDS,
  translate: (input) => cancellationTranslation(input, 'drafted'),
});
