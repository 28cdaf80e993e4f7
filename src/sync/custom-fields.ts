import type { MappedValues } from '../core/mapped-values.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { CustomTarget } from '../state/tenant-settings.js';

/**
 * Puts the values that the tenant mapped itself into the records it wants them in. An unmapped value leaves the
 * target's field alone; one that is mapped but empty in this policy does too: nobody asked for blanks, and another policy
 * of the same policyholder may have the value. Repeats are joined with "; ".
 */
export function withCustomFields(
  records: readonly CanonicalRecord[],
  mapped: MappedValues,
  customTargets: readonly CustomTarget[],
): readonly CanonicalRecord[] {
  const wanted = customTargets.flatMap(({ source, kind, field }) => {
    const value = mapped[source]?.join('; ');
    return value ? [{ kind, field, value }] : [];
  });
  if (wanted.length === 0) return records;
  return records.map((record) => {
    const own = wanted.filter(({ kind }) => kind === record.kind).map(({ field, value }) => [field, value] as const);
    return own.length === 0 ? record : withCustom(record, Object.fromEntries(own));
  });
}

function withCustom(record: CanonicalRecord, custom: Readonly<Record<string, string>>): CanonicalRecord {
  // Only `fields.custom` is added, which every kind has; the compiler cannot follow the kind through the spread.
  return { ...record, fields: { ...record.fields, custom } } as CanonicalRecord;
}
