import { defineTranslator } from '../translator.js';
import { CANCELLATION_NEEDS, cancellationTranslation } from './cancellation-translation.js';

/** The cancellation was withdrawn: the policy goes on. */
export const cancellationRescind = defineTranslator('cancellation.rescind', {
  needs: CANCELLATION_NEEDS,
  mayBeGone: true,
  translate: (input) => cancellationTranslation(input, 'rescinded', { endState: 'rescinded' }),
});
