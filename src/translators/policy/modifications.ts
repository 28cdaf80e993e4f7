import type { Modification, Policy } from '../../core/entities.js';
import type { LevelInput, TranslationInput } from '../translator.js';
import { effectiveOn, premiumChange } from '../wording.js';
import { CANCEL, CREATE, LAPSE, REINSTATE, RENEW } from './policy-status.js';

/** An event and the modification it announces carry instants of the same call; another one is an earlier change. */
const SAME_ISSUE_MS = 600_000;
const WITHDRAW = 'modification.policy.withdraw';
const OWN_NAME_PREFIX = 'modification.policy.';

export function isEndorsement(modification: Modification): boolean {
  return !modification.name.startsWith(OWN_NAME_PREFIX);
}

/** The candidate whose instant is nearest; instants of one transaction agree only to within some milliseconds. */
export function nearest(
  candidates: readonly Modification[],
  instantOf: (modification: Modification) => number | undefined,
  instantMs: number,
): Modification | undefined {
  const distance = (modification: Modification) => Math.abs((instantOf(modification) ?? Infinity) - instantMs);
  return candidates.toSorted((a, b) => distance(a) - distance(b)).at(0);
}

/**
 * The modification that a `policy.*` event announces. The event names only the policy, and the snapshot may be newer
 * than the event, so it is the one of that kind that was issued nearest to the event; none while Core shows only
 * earlier ones.
 */
export function announcedModification(
  input: TranslationInput,
  policy: Policy,
  isOfKind: (modification: Modification) => boolean,
): Modification | undefined {
  const issued = policy.modifications
    .filter(isOfKind)
    .filter(({ issuedMs }) => issuedMs !== undefined && Math.abs(issuedMs - input.event.occurredAtMs) <= SAME_ISSUE_MS);
  return nearest(issued, (modification) => modification.issuedMs, input.event.occurredAtMs);
}

/** `Endorsement 'generic'` */
export function titleOf(modification: Modification): string {
  switch (modification.name) {
    case CREATE:
      return 'Issue';
    case CANCEL:
      return modification.cancellationName === undefined
        ? 'Cancellation'
        : `Cancellation '${modification.cancellationName}'`;
    case REINSTATE:
      return 'Reinstatement';
    case RENEW:
      return 'Renewal';
    case LAPSE:
      return 'Lapse';
    case WITHDRAW:
      return 'Withdrawal';
    default:
      return `Endorsement '${modification.name}'`;
  }
}

/** `Endorsement 'generic', effective 1 Sep 2024: premium +89.75 USD` */
export function describeModification(
  input: LevelInput,
  modification: Modification,
  currency: string | undefined,
): string {
  return `${titleOf(modification)}${modificationFacts(input, modification, currency)}`;
}

/** `, effective 1 Sep 2024: premium +89.75 USD` */
export function modificationFacts(
  input: LevelInput,
  modification: Modification | undefined,
  currency: string | undefined,
): string {
  return `${effectiveOn(input, modification?.effectiveMs)}${premiumChange(modification, currency)}`;
}
