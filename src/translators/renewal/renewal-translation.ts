import type { Renewal } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { type ChangeNews, changeTranslation, type PolicyChange } from '../policy/policy-change.js';
import { issuedLine } from '../policy/issued-line.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import type { Translation, TranslationInput } from '../translator.js';

export const RENEWAL_NEEDS = [...POLICY_NEEDS, 'renewal'] as const satisfies readonly SnapshotMember[];

function changeOf(input: TranslationInput, renewal: Renewal): PolicyChange {
  return {
    locator: renewal.locator,
    state: renewal.state,
    effectiveMs: renewal.renewalStartMs,
    endMs: renewal.renewalEndMs,
    createdMs: renewal.createdMs,
    updatedMs: renewal.updatedMs,
    issuedMs: renewal.issuedMs,
    modification: input.snapshot.policy?.modifications.find(
      (modification) => modification.renewalLocator === renewal.locator,
    ),
  };
}

/** @param endState only for an event after which the renewal is over: the state in which it ended */
export function renewalTranslation(
  input: TranslationInput,
  verb: string,
  { endState, line }: Pick<ChangeNews, 'endState' | 'line'> = {},
): Translation {
  const { renewal } = input.snapshot;
  return changeTranslation(
    input,
    { type: 'renewal', locator: input.event.locators.renewalLocator, verb, endState, line },
    renewal && changeOf(input, renewal),
  );
}

/** The renewal was issued, which the policy tells by an event of its own as well. */
export function issuedRenewal(input: TranslationInput): Translation {
  const line = issuedLine(input, 'renewal.issue', input.event.locators.renewalLocator);
  return renewalTranslation(input, 'issued', { line });
}
