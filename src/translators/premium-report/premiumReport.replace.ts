import { defineTranslator } from '../translator.js';
import { PREMIUM_REPORT_NEEDS, premiumReportTranslation } from './premium-report-translation.js';

/** A report was replaced by a revised one. Which of the two the event names is not documented, so the state comes from Core. */
export const premiumReportReplace = defineTranslator('premiumReport.replace', {
  needs: PREMIUM_REPORT_NEEDS,
  mayBeGone: true,
  translate: (input) => premiumReportTranslation(input, 'replaced', 'revised'),
});
