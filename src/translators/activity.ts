import { createHash } from 'node:crypto';
import type { EventName } from '../events/socotra-events.js';
import type { CanonicalRecord, RecordOf, Relation } from '../records/canonical-record.js';
import { canonicalRecord, instantOf } from './record.js';
import { toParty, toPolicy } from './relations.js';
import type { Awaited, TranslationInput } from './translator.js';

const HASH_LENGTH = 24;

/** One line on a timeline. */
export interface TimelineLine {
  readonly sentence: string;
  /** The event it is told as: of two events that tell one change always the same. */
  readonly type: EventName;
  /** Equal for all events that tell the same happening, different for any other happening of the tenant. */
  readonly identity: readonly string[];
  /** Milliseconds since the epoch. */
  readonly occurredAtMs: number;
  /** The record, beside the policy, on whose timeline the line stands too. */
  readonly about?: CanonicalRecord | undefined;
  /** What the line should tell of and the snapshot does not show yet. */
  readonly awaits?: Awaited;
  /** Only the event says so: nothing that was read shows it. */
  readonly isHearsay?: boolean;
}

/**
 * The line of an event that nothing else tells. The same happening keeps its line although Core or an operator sends it
 * again under a new event id: a resend repeats the transaction, the type and the locators.
 */
export function ownLine(
  { event }: TranslationInput,
  about: CanonicalRecord | undefined,
  sentence: string,
): TimelineLine {
  const { id, type, occurredAtMs, transactionId, locators } = event;
  const identity =
    transactionId === undefined
      ? ['event', id]
      : ['transaction', transactionId, type, ...Object.values(locators).toSorted()];
  return { sentence, type, identity, occurredAtMs, about };
}

/** The line, told before Core shows what it is about. */
export function awaiting(awaits: Awaited, line: TimelineLine): TimelineLine {
  return { ...line, awaits };
}

/**
 * The policy's timeline, or the policyholder's where there is no policy, and that of the record the line is about; of an
 * item of a claim the claim's too, because many targets hold claims without their items.
 */
function relationsOf(input: TranslationInput, about: CanonicalRecord | undefined): readonly Relation[] {
  const root = input.snapshot.policy === undefined ? toParty(input, false) : toPolicy(input, false);
  if (about === undefined || root.some(({ key }) => key === about.key)) return root;
  const claim = about.kind === 'claim_item' ? about.relations.filter(({ kind }) => kind === 'claim') : [];
  const own = { name: about.kind, kind: about.kind, key: about.key };
  return [...root, ...[...claim, own].map((relation) => ({ ...relation, required: false }))];
}

export function activityRecord(input: TranslationInput, line: TimelineLine): RecordOf<'activity'> {
  const { sentence, type, identity, occurredAtMs, about } = line;
  const record = canonicalRecord(input, 'activity', {
    locator: createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, HASH_LENGTH),
    fields: { subject: sentence, occurredAt: instantOf(occurredAtMs), type },
    relations: relationsOf(input, about),
    changedMs: [occurredAtMs],
  });
  return about?.onlyIfHeld === undefined ? record : { ...record, onlyIfHeld: about.onlyIfHeld };
}
