import type { CanonicalRecord } from '../../records/canonical-record.js';
import { ended, voidRecord } from '../record.js';
import { nothingFound, tell } from '../translation.js';
import { defineTranslator } from '../translator.js';
import { calledBy } from '../wording.js';
import { policyRecord } from './policy-record.js';
import { POLICY_NEEDS } from './policy-translation.js';

function lineFor(name: string): string {
  return `Policy ${name} discarded before it was issued`;
}

/** The policy was thrown away before it was issued; Core has no such status and may no longer have the policy. */
export const policyDiscard = defineTranslator('policy.discard', {
  needs: POLICY_NEEDS,
  mayBeGone: true,
  translate: (input) => {
    const { policy } = input.snapshot;
    if (policy !== undefined) {
      const about: CanonicalRecord = ended(input, policyRecord(input, policy));
      return tell(input, { line: lineFor(policy.displayId), about });
    }
    const { policyLocator: locator } = input.event.locators;
    if (locator === undefined) return nothingFound(input);
    return tell(input, { line: lineFor(calledBy({ locator })), gone: voidRecord(input, 'policy', locator, {}) });
  },
});
