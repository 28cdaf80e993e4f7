import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { termEnds } from './policy-status.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The tenant configured a notice some time before the end of the policy; a cue for the renewal. */
export const policyEndReminder = defineTranslator('policy.end.reminder', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const { reminderName, occurredAtMs } = input.event;
      const reminder = reminderName === undefined ? '' : ` (reminder '${reminderName}')`;
      // Found late, the policy may have been renewed since: the end that the event tells of is the first after it.
      const endMs = termEnds(policy).find((ms) => ms > occurredAtMs);
      return `Policy ${policy.displayId} ends soon${onDay(input, ', on', endMs)}${reminder}`;
    }),
});
