import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { GRACE_PERIOD_NEEDS, gracePeriodTranslation } from './grace-period-translation.js';

/** The bill was paid, so no cancellation follows from it. */
export const policyGracePeriodSatisfied = defineTranslator('policy.gracePeriod.satisfied', {
  needs: GRACE_PERIOD_NEEDS,
  translate: (input) =>
    gracePeriodTranslation(input, 'satisfied', (gracePeriod) => onDay(input, ', paid', gracePeriod?.settledMs), {
      endsIt: true,
    }),
});
