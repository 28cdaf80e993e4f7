import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** The tenant configured a notice some time before the end of the policy; a cue for the renewal. */
export const policyEndReminder = defineTranslator('policy.end.reminder', {
  needs: POLICY_NEEDS,
  translate: (input) =>
    policyTranslation(input, (policy) => {
      const { reminderName } = input.event;
      const reminder = reminderName === undefined ? '' : ` (reminder '${reminderName}')`;
      return `Policy ${policy.displayId} ends soon${onDay(input, ', on', policy.effectiveContractEndMs)}${reminder}`;
    }),
});
