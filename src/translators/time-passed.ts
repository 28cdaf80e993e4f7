import { policyLevel } from './policy-level.js';
import { parentsFirst } from './record.js';
import { nothingFound } from './translation.js';
import type { LevelInput, Translation } from './translator.js';

/**
 * What a policy holds now that time has passed over it and no event says so (see `nextChangeMs`): its whole level, and
 * no timeline line, because nothing happened. Needs what `POLICY_NEEDS` names.
 */
export function timePassed(input: LevelInput): Translation {
  const records = parentsFirst(policyLevel(input));
  const policy = records.find((record) => record.kind === 'policy');
  return policy === undefined ? nothingFound(input) : { outcome: 'records', records, about: policy.key };
}
