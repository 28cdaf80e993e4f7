import { defineTranslator } from '../translator.js';
import { CANCELLATION_NEEDS, issuedCancellation } from './cancellation-translation.js';

/** The policy ends on the effective date, which may lie in the future or in the past. */
export const cancellationIssue = defineTranslator('cancellation.issue', {
  needs: CANCELLATION_NEEDS,
  translate: issuedCancellation,
});
