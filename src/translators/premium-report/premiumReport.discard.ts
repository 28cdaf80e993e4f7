import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** The draft of a report was thrown away. */
export const premiumReportDiscard = defineTranslator('premiumReport.discard', {
  needs: PREMIUM_REPORT_NEEDS,
  mayBeGone: true,
  translate: (input) => premiumReportTranslation(input, 'discarded', 'discarded'),
});
