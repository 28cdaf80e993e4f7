import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** A period of a reporting policy waits for its figures. */
export const premiumReportCreate = defineTranslator('premiumReport.create', {
  needs: PREMIUM_REPORT_NEEDS,
  translate: (input) => premiumReportTranslation(input, 'drafted'),
});
