import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** The figures of a report were edited before it was issued. */
export const premiumReportUpdate = defineTranslator('premiumReport.update', {
  needs: PREMIUM_REPORT_NEEDS,
  translate: (input) => premiumReportTranslation(input, 'changed'),
});
