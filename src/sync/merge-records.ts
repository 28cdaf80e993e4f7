import type { CanonicalRecord } from '../records/canonical-record.js';
import { RECORD_KINDS, type RecordKind } from '../records/record-kinds.js';

/**
 * Joins what the events of one root produced into one state per record, parents before children. All come from the same
 * snapshot, so equal keys agree; where an event knows more fields, they are added. Of an end and the state that Core still
 * shows, the newer one stands, whichever event came first.
 */
export function mergeRecords(
  recordsOldestFirst: readonly CanonicalRecord[],
  kinds: ReadonlySet<RecordKind>,
): CanonicalRecord[] {
  const byKey = new Map<string, CanonicalRecord>();
  for (const record of recordsOldestFirst) {
    if (!kinds.has(record.kind)) continue;
    const earlier = byKey.get(record.key);
    byKey.set(record.key, earlier ? joined(earlier, record) : record);
  }
  return [...byKey.values()]
    .map((record) => ({ ...record, relations: record.relations.filter((relation) => kinds.has(relation.kind)) }))
    .sort((a, b) => RECORD_KINDS[a.kind].order - RECORD_KINDS[b.kind].order);
}

function joined(earlier: CanonicalRecord, later: CanonicalRecord): CanonicalRecord {
  const newerMs = later.sourceUpdatedAtMs - earlier.sourceUpdatedAtMs;
  // One event says that the record has ended, and what the others show of it is no newer than that.
  const isInOrder = newerMs > 0 || (newerMs === 0 && earlier.op !== 'void');
  const [older, newer] = isInOrder ? [earlier, later] : [later, earlier];
  const relations = new Map([...older.relations, ...newer.relations].map((relation) => [relation.name, relation]));
  return {
    ...newer,
    fields: { ...older.fields, ...newer.fields },
    relations: [...relations.values()],
    // Equal keys carry equal kinds (the kind's code is part of the key), so the joined fields are of that kind.
  } as CanonicalRecord;
}
