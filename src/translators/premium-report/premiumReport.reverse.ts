import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** An issued report was taken back. It did count, so while Core has it its record stays. */
export const premiumReportReverse = defineTranslator('premiumReport.reverse', {
  needs: PREMIUM_REPORT_NEEDS,
  mayBeGone: true,
  translate: (input) => premiumReportTranslation(input, 'reversed', 'reversed'),
});
