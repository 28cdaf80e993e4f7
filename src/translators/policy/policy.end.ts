import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { termEnds } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** Core's clock and its dates need not agree to the minute. */
const RINGS_EARLY_MS = 3_600_000;

/** The policy reached its end date. Core does not send this for one that was cancelled. */
export const policyEnd = defineTranslator('policy.end', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      // Found late, the policy may have been renewed since: the end that the event tells of is the one before it.
      const endMs = termEnds(policy).findLast((ms) => ms <= input.event.occurredAtMs + RINGS_EARLY_MS);
      return `Policy ${policy.displayId} reached its end${onDay(input, ' on', endMs)}`;
    }),
});
