import type { Asked, Delivery, Target } from '../connector.js';
import { type JsonObject, objectOf, objectsOf, textOf } from '../kit/json.js';
import type { RecordKey } from '../../records/record-key.js';
import type { RecordKind } from '../../records/record-kinds.js';
import { BATCH_SIZE, type ObjectRef, type ObjectType, PATHS, post, refOf } from './hubspot.api.js';
import { objectTypeOf } from './hubspot.draft.js';
import type { Layout } from './hubspot.layout.js';
import { KEY } from './hubspot.properties.js';

/** Where related records are in HubSpot, by key. */
export type Relatives = ReadonlyMap<RecordKey, ObjectRef>;

/** The relations to kinds that HubSpot holds. */
export function heldRelations({ record }: Delivery, layout: Layout) {
  return record.relations.filter(({ kind }) => objectTypesOf(kind, layout).length > 0);
}

/**
 * Finds the related records: those that the engine knows, the others by their keys.
 *
 * @param known what the engine knows; left out where it turned out to be stale
 */
export async function findRelatives(
  deliveries: readonly Delivery[],
  target: Target,
  layout: Layout,
  known: 'trust' | 'look up',
): Promise<Asked<Relatives>> {
  const found = new Map<RecordKey, ObjectRef>();
  const wanted = new Map<RecordKey, RecordKind>();
  for (const delivery of deliveries) {
    for (const { key, kind } of heldRelations(delivery, layout)) {
      const ref = known === 'trust' ? refOf(delivery.relatedIds.get(key)) : undefined;
      if (ref !== undefined) found.set(key, ref);
      else wanted.set(key, kind);
    }
  }
  const types = new Set([...wanted.values()].flatMap((kind) => objectTypesOf(kind, layout)));
  for (const type of types) {
    const keys = [...wanted]
      .filter(([key, kind]) => !found.has(key) && objectTypesOf(kind, layout).includes(type))
      .map(([key]) => key);
    const ids = await idsByKey(target, type, keys);
    if (!ids.ok) return ids;
    for (const [key, id] of ids.value) found.set(key, { type, id });
  }
  return { ok: true, value: found };
}

function objectTypesOf(kind: RecordKind, layout: Layout): readonly ObjectType[] {
  if (kind === 'party') return ['contacts', 'companies'];
  const type = objectTypeOf(kind, layout);
  return type?.ok ? [type.value] : [];
}

/** HubSpot's ids of the records of one type that have these keys. */
export async function idsByKey<K extends string>(
  target: Target,
  type: ObjectType,
  keys: readonly K[],
): Promise<Asked<ReadonlyMap<K, string>>> {
  const rows = await rowsByKey(target, type, keys);
  if (!rows.ok) return rows;
  return { ok: true, value: new Map([...rows.value].map(([key, { id }]) => [key, textOf(id)])) };
}

/** The records of one type that have these keys, with these properties. */
export async function rowsByKey<K extends string>(
  target: Target,
  type: ObjectType,
  keys: readonly K[],
  properties: readonly string[] = [],
): Promise<Asked<ReadonlyMap<K, JsonObject>>> {
  const rows = new Map<K, JsonObject>();
  for (let start = 0; start < keys.length; start += BATCH_SIZE) {
    const batch = keys.slice(start, start + BATCH_SIZE);
    const answer = await post(target, PATHS.objects(type, 'read'), {
      idProperty: KEY,
      inputs: batch.map((id) => ({ id })),
      properties: [KEY, ...properties],
      propertiesWithHistory: [],
    });
    // None of them is there: the keys of the others are named in a 207 beside those that are.
    if (!answer.ok && answer.failure.outcome === 'dependency') continue;
    if (!answer.ok) return answer;
    for (const row of objectsOf(answer.value.results)) {
      const key = batch.find((candidate) => candidate === objectOf(row.properties)[KEY]);
      if (key !== undefined) rows.set(key, row);
    }
  }
  return { ok: true, value: rows };
}
