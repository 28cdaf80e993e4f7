import type { Modification } from '../../core/entities.js';
import { awaiting, type TimelineLine } from '../activity.js';
import type { TranslationInput } from '../translator.js';
import { announcedModification, isEndorsement, modificationFacts, titleOf } from './modifications.js';
import { CANCEL, RENEW } from './policy-status.js';

interface IssuedKind {
  readonly title: string;
  readonly isOfKind: (modification: Modification) => boolean;
  /** How the modification names the change; a cancellation is not named by its modification. */
  readonly locatorOf: (modification: Modification) => string | undefined;
}

const KINDS = {
  'endorsement.issue': {
    title: 'Endorsement',
    isOfKind: isEndorsement,
    locatorOf: ({ endorsementLocator }) => endorsementLocator,
  },
  'renewal.issue': {
    title: 'Renewal',
    isOfKind: ({ name }) => name === RENEW,
    locatorOf: ({ renewalLocator }) => renewalLocator,
  },
  'cancellation.issue': {
    title: 'Cancellation',
    isOfKind: ({ name }) => name === CANCEL,
    locatorOf: () => undefined,
  },
} as const satisfies Record<string, IssuedKind>;

/** The modification that the named change became, or else the one that was issued when the event says. */
function modificationOf(
  input: TranslationInput,
  { isOfKind, locatorOf }: IssuedKind,
  locator: string | undefined,
): Modification | undefined {
  const { policy } = input.snapshot;
  if (policy === undefined) return undefined;
  const named = policy.modifications.find(
    (modification) => locator !== undefined && locatorOf(modification) === locator,
  );
  return named ?? announcedModification(input, policy, isOfKind);
}

/** `Renewal 100004390`, as the earlier lines of the same renewal name it. */
function subjectOf(modification: Modification): string {
  const { renewalLocator } = modification;
  return renewalLocator === undefined ? titleOf(modification) : `${titleOf(modification)} ${renewalLocator}`;
}

/**
 * The one line of an issued endorsement, renewal or cancellation, which Core tells by two events: by the change's own
 * (`endorsement.issue`) and by the policy's (`policy.endorse`). Both find its modification in the policy, so that gives
 * the line's identity, time and words. Where Core does not show it yet, only the transaction can hold the two together.
 *
 * @param locator of the change, where the event names it
 */
export function issuedLine(input: TranslationInput, type: keyof typeof KINDS, locator?: string): TimelineLine {
  const { event, snapshot } = input;
  const modification = modificationOf(input, KINDS[type], locator);
  if (modification !== undefined) {
    return {
      sentence: `${subjectOf(modification)} issued${modificationFacts(input, modification, snapshot.policy?.currency)}`,
      type,
      identity: [type, modification.locator],
      occurredAtMs: modification.issuedMs ?? event.occurredAtMs,
    };
  }
  return awaiting('modification', {
    sentence: `${KINDS[type].title} issued`,
    type,
    identity: [
      type,
      ...(event.transactionId === undefined ? ['event', event.id] : ['transaction', event.transactionId]),
    ],
    occurredAtMs: event.occurredAtMs,
  });
}
