import type { RecordKey } from '../../records/record-key.js';
import type { Relation } from '../../records/canonical-record.js';
import type { Asked, Delivery, Target } from '../connector.js';
import { idsByKey } from './salesforce.api.js';
import { OBJECT_OF_KIND, type ObjectName } from './salesforce.objects.js';
import type { Org } from './salesforce.org.js';

/** What a line of the timeline may hang on: the related records that this org can hold, the most important first. */
interface Candidate extends Relation {
  readonly object: ObjectName;
}

/**
 * The Salesforce id that each line of the timeline hangs on; undefined: nothing that Salesforce holds. A task takes an id
 * only, so what is not known from an earlier delivery is looked up by key.
 */
export async function tieActivities(
  deliveries: readonly Delivery[],
  org: Org,
  target: Target,
): Promise<ReadonlyMap<Delivery, Asked<string | undefined>>> {
  const lines = deliveries.filter(({ record }) => record.kind === 'activity');
  const found = new Map<RecordKey, string>();
  const unknown = lines.flatMap((line) => candidatesOf(line, org).filter(({ key }) => !line.relatedIds.has(key)));
  for (const [object, relations] of Map.groupBy(unknown, (candidate) => candidate.object)) {
    const keys = [...new Set(relations.map(({ key }) => key))];
    const ids = await idsByKey(target, object, keys);
    if (!ids.ok) return new Map(lines.map((line) => [line, ids]));
    for (const key of keys) {
      const id = ids.value.get(key);
      if (id !== undefined) found.set(key, id);
    }
  }
  return new Map(lines.map((line) => [line, tieOf(line, org, found)]));
}

function tieOf(line: Delivery, org: Org, found: ReadonlyMap<RecordKey, string>): Asked<string | undefined> {
  const candidates = candidatesOf(line, org).map((candidate) => ({
    ...candidate,
    id: line.relatedIds.get(candidate.key) ?? found.get(candidate.key),
  }));
  const id = candidates.find((candidate) => candidate.id !== undefined)?.id;
  // What was never required and never sent is no reason to keep the line back.
  const isMissing = id === undefined && candidates.some(({ required }) => required);
  return isMissing
    ? { ok: false, failure: { outcome: 'dependency', code: 'related_record_missing' } }
    : { ok: true, value: id };
}

function candidatesOf({ record }: Delivery, org: Org): readonly Candidate[] {
  return record.relations.flatMap((relation) => {
    const object = OBJECT_OF_KIND[org.flavour][relation.kind];
    return object !== undefined && org.objects.has(object) ? [{ ...relation, object }] : [];
  });
}
