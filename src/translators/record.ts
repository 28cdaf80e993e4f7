import type {
  FieldsByKind,
  RecordOf,
  CanonicalRecord,
  IsoInstant,
  LocalDate,
  Relation,
} from '../records/canonical-record.js';
import { localDate } from '../records/local-date.js';
import { recordKey } from '../records/record-key.js';
import { RECORD_KINDS, type RecordKind } from '../records/record-kinds.js';
import { withoutUndefined } from '../without-undefined.js';
import type { LevelInput } from './translator.js';

/** Fields as they were found: `undefined` stands for "Core does not say" and is left out of the record. */
type FoundFields<K extends RecordKind> = {
  readonly [F in keyof FieldsByKind[K]]?: FieldsByKind[K][F] | undefined;
};

interface RecordParts<K extends RecordKind> {
  readonly locator: string;
  readonly fields: FoundFields<K>;
  readonly relations: readonly Relation[];
  /** Instants (milliseconds since the epoch) of all that the record was computed from; the newest counts. */
  readonly changedMs: readonly (number | undefined)[];
  /** `upsert` unless the record ended before it counted. */
  readonly op?: 'upsert' | 'void';
}

/** The newest of some instants; `fallbackMs` where Core gave none of them. */
function newestMs(instants: readonly (number | undefined)[], fallbackMs: number): number {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? fallbackMs : Math.max(...known);
}

/** One canonical record; an entity without any instant counts as changed when it was read. */
export function canonicalRecord<K extends RecordKind>(input: LevelInput, kind: K, parts: RecordParts<K>): RecordOf<K> {
  return {
    kind,
    key: recordKey(input.environment, kind, parts.locator),
    locator: parts.locator,
    op: parts.op ?? 'upsert',
    // Safe cast: members are only left out, never renamed or retyped, and every field of a record is optional.
    fields: withoutUndefined(parts.fields) as Partial<FieldsByKind[K]>,
    relations: parts.relations,
    sourceUpdatedAtMs: newestMs(parts.changedMs, input.snapshot.asOfMs),
  };
}

/**
 * Marks a record as ended that Core no longer has; only for a target that holds it. It is gone as of the reading: the
 * event's own time, which anybody may have written, decides nothing.
 */
export function voidRecord<K extends RecordKind>(
  input: LevelInput,
  kind: K,
  locator: string,
  fields: FoundFields<K>,
): RecordOf<K> {
  const record = canonicalRecord(input, kind, { locator, fields, relations: [], changedMs: [], op: 'void' });
  return { ...record, onlyIfHeld: record.key };
}

/**
 * Marks a record as ended that Core still has: an event says so, while Core may keep showing the old state for some
 * seconds, or for ever. So it is newer than all that Core shows of it now, and the same state, read again for an older
 * event, cannot revive it.
 */
export function ended<R extends CanonicalRecord>({ snapshot }: LevelInput, record: R): R {
  return { ...record, op: 'void', sourceUpdatedAtMs: Math.max(snapshot.asOfMs, record.sourceUpdatedAtMs + 1) };
}

/** Parents before their children; of several versions of one record the last one stays. */
export function parentsFirst(records: readonly CanonicalRecord[]): readonly CanonicalRecord[] {
  return [...new Map(records.map((record) => [record.key, record])).values()].toSorted(
    (a, b) => RECORD_KINDS[a.kind].order - RECORD_KINDS[b.kind].order,
  );
}

/** The calendar day of an instant (milliseconds since the epoch) where the tenant is. */
export function dayOf(input: LevelInput, instantMs: number | undefined): LocalDate | undefined {
  return instantMs === undefined ? undefined : localDate(instantMs, input.timeZone);
}

export function instantOf(instantMs: number | undefined): IsoInstant | undefined {
  return instantMs === undefined ? undefined : new Date(instantMs).toISOString();
}
