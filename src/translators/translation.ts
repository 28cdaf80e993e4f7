import type { SnapshotMember } from '../core/snapshot.js';
import { type EventFamily, familyOf } from '../events/socotra-events.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { activityRecord, ownLine, type TimelineLine } from './activity.js';
import { policyLevel } from './policy-level.js';
import { parentsFirst } from './record.js';
import type { LevelInput, SkipReason, Translation, TranslationInput } from './translator.js';

/** What an event adds to the level that its policy holds anyway. */
interface Told {
  /** One sentence for the timeline; a whole line where another event tells the same change. */
  readonly line: string | TimelineLine;
  /** The event's own record; the policy, or else the policyholder, where the event has none. */
  readonly about?: CanonicalRecord | undefined;
  /** Further records that came with the own one. */
  readonly more?: readonly CanonicalRecord[];
  /** Ends the own record, which Core no longer has; this and the line are only for a target that holds it. */
  readonly gone?: CanonicalRecord | undefined;
}

/** The entity that an event of a family is about. */
const OWN_ENTITY: { readonly [F in EventFamily]: SnapshotMember | undefined } = {
  policyholder: 'policyholder',
  policy: 'policy',
  legacyReinstatement: 'policy',
  quote: 'quote',
  gracePeriod: 'gracePeriod',
  endorsement: 'endorsement',
  renewal: 'renewal',
  cancellation: 'cancellation',
  reinstatement: 'reinstatement',
  invoice: 'invoice',
  payment: 'payment',
  claim: 'claim',
  subClaim: 'claim',
  premiumReport: 'premiumReport',
  login: undefined,
};

export function skip(reason: SkipReason): Translation {
  return { outcome: 'skip', reason };
}

/** Nothing could be read: either Core denied it, or the event named nothing that leads to a record. */
export function nothingFound(input: LevelInput): Translation {
  return skip(input.snapshot.notFound.size > 0 ? 'not_found_in_core' : 'no_locator');
}

/**
 * The records of an event: the whole level of its policy, its own records and its timeline line. What an event says of
 * something that Core does not have is not told, unless the policy shows it too, or the event is its end.
 */
export function tell(input: TranslationInput, { line, about, more = [], gone }: Told): Translation {
  const own = OWN_ENTITY[familyOf(input.event.type)];
  const isDenied = own !== undefined && input.snapshot.notFound.has(own);
  const isShownByPolicy = typeof line !== 'string' && !line.isHearsay && line.awaits === undefined;
  if (isDenied && about === undefined && gone === undefined && !isShownByPolicy) return nothingFound(input);
  const found = [...policyLevel(input), ...more, ...(about === undefined ? [] : [about])];
  const main = about ?? gone ?? found.find((record) => record.kind === 'policy') ?? found[0];
  if (main === undefined) return nothingFound(input);
  const records = gone === undefined ? found : [...found, gone];
  const timelineLine = typeof line === 'string' ? ownLine(input, main, line) : line;
  return {
    outcome: 'records',
    records: parentsFirst([...records, activityRecord(input, timelineLine)]),
    about: main.key,
    ...(timelineLine.awaits && { awaits: timelineLine.awaits }),
  };
}
