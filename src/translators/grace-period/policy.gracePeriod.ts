import { pastDueLine } from '../billing/past-due-line.js';
import { tell } from '../translation.js';
import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { GRACE_PERIOD_NEEDS, gracePeriodTranslation } from './grace-period-translation.js';

/**
 * A bill is past due: cover goes on until the grace period ends. Told as one line with `invoice.pastDue`, where the
 * bill is known.
 */
export const policyGracePeriod = defineTranslator('policy.gracePeriod', {
  needs: GRACE_PERIOD_NEEDS,
  translate: (input) => {
    const invoiceLocator = input.snapshot.gracePeriod?.invoiceLocator ?? input.event.locators.invoiceLocator;
    if (invoiceLocator !== undefined) return tell(input, { line: pastDueLine(input, invoiceLocator) });
    return gracePeriodTranslation(input, 'opened', (gracePeriod) => onDay(input, ', ends', gracePeriod?.endMs));
  },
});
