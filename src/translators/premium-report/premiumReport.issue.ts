import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** The figures of the period are final and billed. */
export const premiumReportIssue = defineTranslator('premiumReport.issue', {
  needs: PREMIUM_REPORT_NEEDS,
  translate: (input) => premiumReportTranslation(input, 'issued'),
});
