import type { Reinstatement } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { CANCELLATION_NEEDS, cancellationChange } from '../cancellation/cancellation-translation.js';
import {
  type ChangeNews,
  changeRecord,
  changeTranslation,
  modificationOfKind,
  type PolicyChange,
} from '../policy/policy-change.js';
import { REINSTATE } from '../policy/policy-status.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, onDay } from '../wording.js';

/** A reinstatement knows only its cancellation, and that one the policy. */
export const REINSTATEMENT_NEEDS = [
  ...CANCELLATION_NEEDS,
  'reinstatement',
] as const satisfies readonly SnapshotMember[];

function changeOf(input: TranslationInput, reinstatement: Reinstatement): PolicyChange {
  return {
    locator: reinstatement.locator,
    state: reinstatement.state,
    effectiveMs: reinstatement.effectiveMs,
    createdMs: reinstatement.createdMs,
    updatedMs: reinstatement.updatedMs,
    issuedMs: reinstatement.issuedMs,
    modification: modificationOfKind(input, REINSTATE, reinstatement),
  };
}

/** `; 792.39 USD to pay by 24 Nov 2024`, what the customer has to do to get the cover back. */
export function conditionOf(input: TranslationInput): string {
  const { reinstatement, policy } = input.snapshot;
  const price = amount('', reinstatement?.paymentAmount, policy?.currency);
  return price === '' ? '' : `;${price} to pay${onDay(input, ' by', reinstatement?.deadlineMs)}`;
}

/**
 * The reinstatement and, because it was read on the way, the cancellation that it lifts.
 *
 * @param endState only for an event after which the reinstatement is over: the state in which it ended
 */
export function reinstatementTranslation(
  input: TranslationInput,
  verb: string,
  { endState, detail, isCarriedOut }: Pick<ChangeNews, 'endState' | 'detail' | 'isCarriedOut'> = {},
): Translation {
  const { reinstatement, cancellation } = input.snapshot;
  return changeTranslation(
    input,
    {
      type: 'reinstatement',
      locator: input.event.locators.reinstatementLocator,
      verb,
      endState,
      detail,
      isCarriedOut,
      more:
        cancellation === undefined
          ? []
          : [changeRecord(input, 'cancellation', cancellationChange(input, cancellation))],
    },
    reinstatement && changeOf(input, reinstatement),
  );
}
