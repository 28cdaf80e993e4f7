import type { Cancellation } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { type ChangeNews, changeTranslation, modificationOfKind, type PolicyChange } from '../policy/policy-change.js';
import { CANCEL } from '../policy/policy-status.js';
import { issuedLine } from '../policy/issued-line.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import type { Translation, TranslationInput } from '../translator.js';

export const CANCELLATION_NEEDS = [...POLICY_NEEDS, 'cancellation'] as const satisfies readonly SnapshotMember[];

export function cancellationChange(input: TranslationInput, cancellation: Cancellation): PolicyChange {
  return {
    locator: cancellation.locator,
    name: cancellation.name,
    state: cancellation.state,
    effectiveMs: cancellation.effectiveMs,
    createdMs: cancellation.createdMs,
    updatedMs: cancellation.updatedMs,
    issuedMs: cancellation.issuedMs,
    reason: cancellation.comments ?? cancellation.name,
    modification: modificationOfKind(input, CANCEL, cancellation),
  };
}

/** @param endState only for an event after which the cancellation is over: the state in which it ended */
export function cancellationTranslation(
  input: TranslationInput,
  verb: string,
  { endState, line }: Pick<ChangeNews, 'endState' | 'line'> = {},
): Translation {
  const { cancellation } = input.snapshot;
  return changeTranslation(
    input,
    { type: 'cancellation', locator: input.event.locators.cancellationLocator, verb, endState, line },
    cancellation && cancellationChange(input, cancellation),
  );
}

/** The cancellation was issued, which the policy tells by an event of its own as well. */
export function issuedCancellation(input: TranslationInput): Translation {
  const line = issuedLine(input, 'cancellation.issue', input.event.locators.cancellationLocator);
  return cancellationTranslation(input, 'issued', { line });
}
