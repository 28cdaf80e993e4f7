import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { GRACE_PERIOD_NEEDS, gracePeriodTranslation } from './grace-period-translation.js';

/** The end of the grace period moved, or a cancellation was attached to it. */
export const policyGracePeriodUpdate = defineTranslator('policy.gracePeriod.update', {
  needs: GRACE_PERIOD_NEEDS,
  translate: (input) =>
    gracePeriodTranslation(input, 'changed', (gracePeriod) => onDay(input, ', now ends', gracePeriod?.endMs)),
});
