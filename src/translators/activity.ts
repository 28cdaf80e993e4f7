import { createHash } from 'node:crypto';
import type { CanonicalRecord, RecordOf, Relation } from '../records/canonical-record.js';
import { canonicalRecord, instantOf } from './record.js';
import { toParty, toPolicy } from './relations.js';
import type { TranslationInput } from './translator.js';

const HASH_LENGTH = 24;

/**
 * The same happening keeps its line although Core or an operator sends it again under a new event id: a resend repeats
 * the transaction, the type and the locators.
 */
function activityLocator({ event }: TranslationInput): string {
  const identity =
    event.transactionId === undefined
      ? ['event', event.id]
      : ['transaction', event.transactionId, event.type, ...Object.values(event.locators).toSorted()];
  return createHash('sha256').update(identity.join('\n')).digest('hex').slice(0, HASH_LENGTH);
}

/** A line on the policy's timeline, or the policyholder's where there is no policy, and on that of the record it is about. */
function relationsOf(input: TranslationInput, about: CanonicalRecord): readonly Relation[] {
  const root = input.snapshot.policy === undefined ? toParty(input, false) : toPolicy(input, false);
  if (about.op === 'void' || root.some((relation) => relation.key === about.key)) return root;
  return [...root, { name: about.kind, kind: about.kind, key: about.key, required: false }];
}

/** The timeline line of an event. */
export function activityRecord(input: TranslationInput, about: CanonicalRecord, line: string): RecordOf<'activity'> {
  const { event } = input;
  return canonicalRecord(input, 'activity', {
    locator: activityLocator(input),
    fields: { subject: line, occurredAt: instantOf(event.occurredAtMs), type: event.type },
    relations: relationsOf(input, about),
    changedMs: [event.occurredAtMs],
  });
}
