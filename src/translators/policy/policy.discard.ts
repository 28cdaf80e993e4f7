import { defineTranslator, type Translation, type TranslationInput } from '../translator.js';
import { voidRecord } from '../record.js';
import { nothingFound, tell } from '../translation.js';
import { policyRecord } from './policy-record.js';
import { POLICY_NEEDS } from './policy-translation.js';

/** Core no longer has the policy: only its record is ended, and no line is left on a timeline that cannot be found. */
function gone(input: TranslationInput): Translation {
  const { policyLocator } = input.event.locators;
  if (policyLocator === undefined) return nothingFound(input);
  const record = voidRecord(input, 'policy', policyLocator, {});
  return { outcome: 'records', records: [record], about: record.key };
}

/** The policy was thrown away before it was issued. */
export const policyDiscard = defineTranslator('policy.discard', {
  needs: POLICY_NEEDS,
  mayBeGone: true,
  translate: (input) => {
    const { policy } = input.snapshot;
    if (policy === undefined) return gone(input);
    return tell(input, {
      line: `Policy ${policy.displayId} discarded before it was issued`,
      about: { ...policyRecord(input, policy), op: 'void', sourceUpdatedAtMs: input.event.occurredAtMs },
    });
  },
});
