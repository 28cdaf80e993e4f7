import type { Policy } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import type { TimelineLine } from '../activity.js';
import { nothingFound, tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';

/** What every event of a policy needs, so that the policy's level is the same whichever event asked for it. */
export const POLICY_NEEDS = ['policy', 'policyholder', 'gracePeriods'] as const satisfies readonly SnapshotMember[];

/** An event about the policy itself: its level and the line that its newest state gives. */
export function policyTranslation(
  input: TranslationInput,
  line: (policy: Policy) => string | TimelineLine,
): Translation {
  const { policy } = input.snapshot;
  return policy === undefined ? nothingFound(input) : tell(input, { line: line(policy) });
}
