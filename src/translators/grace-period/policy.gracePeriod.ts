import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { GRACE_PERIOD_NEEDS, gracePeriodTranslation } from './grace-period-translation.js';

/** A bill is past due: cover goes on until the grace period ends. */
export const policyGracePeriod = defineTranslator('policy.gracePeriod', {
  needs: GRACE_PERIOD_NEEDS,
  translate: (input) =>
    gracePeriodTranslation(input, 'opened', (gracePeriod) => onDay(input, ', ends', gracePeriod?.endMs)),
});
