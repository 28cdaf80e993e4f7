import type { Endorsement } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { type ChangeNews, changeTranslation, type PolicyChange } from '../policy/policy-change.js';
import { issuedLine } from '../policy/issued-line.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import type { Translation, TranslationInput } from '../translator.js';

export const ENDORSEMENT_NEEDS = [...POLICY_NEEDS, 'endorsement'] as const satisfies readonly SnapshotMember[];

function changeOf(input: TranslationInput, endorsement: Endorsement): PolicyChange {
  return {
    locator: endorsement.locator,
    name: endorsement.name,
    state: endorsement.state,
    effectiveMs: endorsement.startMs,
    endMs: endorsement.newPolicyEndMs,
    createdMs: endorsement.createdMs,
    updatedMs: endorsement.updatedMs,
    issuedMs: endorsement.issuedMs,
    modification: input.snapshot.policy?.modifications.find(
      (modification) => modification.endorsementLocator === endorsement.locator,
    ),
  };
}

/** @param endState only for an event after which the endorsement is over: the state in which it ended */
export function endorsementTranslation(
  input: TranslationInput,
  verb: string,
  { endState, line }: Pick<ChangeNews, 'endState' | 'line'> = {},
): Translation {
  const { endorsement } = input.snapshot;
  return changeTranslation(
    input,
    { type: 'endorsement', locator: input.event.locators.endorsementLocator, verb, endState, line },
    endorsement && changeOf(input, endorsement),
  );
}

/** The endorsement was issued, which the policy tells by an event of its own as well. */
export function issuedEndorsement(input: TranslationInput): Translation {
  const line = issuedLine(input, 'endorsement.issue', input.event.locators.endorsementLocator);
  return endorsementTranslation(input, 'issued', { line });
}
