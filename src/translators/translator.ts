import type { MappedValues } from '../core/mapped-values.js';
import type { Snapshot, SnapshotMember } from '../core/snapshot.js';
import type { EventName, SocotraEvent } from '../events/socotra-events.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { Environment, RecordKey } from '../records/record-key.js';

/** What the state of a root is computed from, whether an event asked for it or only time has passed. */
export interface LevelInput {
  /** No clock: "now" is {@link Snapshot.asOfMs}. */
  readonly snapshot: Snapshot;
  /** Values of the fields the tenant mapped in the Marketplace, already read from this snapshot. */
  readonly mapped: MappedValues;
  readonly environment: Environment;
  /** IANA time zone of the tenant, for every local day and every sentence. */
  readonly timeZone: string;
}

/** All that a translator may look at. */
export interface TranslationInput<E extends EventName = EventName> extends LevelInput {
  readonly event: SocotraEvent<E>;
}

/** Why an event leaves nothing in the target; each is explained in `docs/operations.md`. */
export type SkipReason =
  /** Logins are security noise, not business: no record, no timeline. */
  | 'login_not_synced'
  /** The event's `data` names nothing that can be read. */
  | 'no_locator'
  /** Core does not know the record: it was discarded, or the webhook was forged. */
  | 'not_found_in_core'
  /** The tenant's profile does not sync any record kind that this event produces. */
  | 'outside_profile';

/**
 * What Core, which sends events apart from storing what they tell of, may not show yet: that the policy was issued or
 * modified, that a payment counts or was reversed, that a grace period is over.
 */
export type Awaited = 'modification' | 'payment' | 'settlement';

export type Translation =
  | {
      readonly outcome: 'records';
      /** Newest state of every record concerned, parents before their children. */
      readonly records: readonly CanonicalRecord[];
      /** Key of the record that the event is about; it is one of {@link records}. */
      readonly about: RecordKey;
      /** The snapshot does not show yet what the event says: read a little later, the records would say more. */
      readonly awaits?: Awaited;
    }
  | { readonly outcome: 'skip'; readonly reason: SkipReason };

/** How one event becomes records. Pure: no Nest, no clock, no randomness, no log, no I/O, no exception for data that may occur. */
export interface Translator<E extends EventName = EventName> {
  readonly type: E;
  /** What must be read from Core before `translate` is called. */
  readonly needs: readonly SnapshotMember[];
  /**
   * The event itself says that its entity may be gone (a discard, an invalidation): a 404 for it is no reason to wait.
   * Otherwise a 404 shortly after the event is taken for Core's read-after-write delay and tried again.
   */
  readonly mayBeGone: boolean;
  translate(input: TranslationInput<E>): Translation;
}

export function defineTranslator<E extends EventName>(
  type: E,
  definition: {
    readonly needs: readonly SnapshotMember[];
    readonly mayBeGone?: boolean;
    readonly translate: (input: TranslationInput<E>) => Translation;
  },
): Translator<E> {
  return { type, mayBeGone: false, ...definition };
}
