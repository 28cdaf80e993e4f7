import type { Asked, DeliveryResult, Failure, Target } from '../connector.js';
import { restOfConnection } from '../kit/rest-of-connection.js';
import { type JsonObject, objectOf, objectsOf, textOf } from '../kit/json.js';
import { BATCH_SIZE, type ObjectRef, type ObjectType, PATHS, post, refOf, targetIdOf } from './hubspot.api.js';
import type { Draft } from './hubspot.draft.js';
import type { NoteHome } from './hubspot.layout.js';
import type { Relatives } from './hubspot.relatives.js';
import { isMarkedWith } from './mapping/note.js';

type MarkedNotes = Extract<NoteHome, { by: 'mark' }>;

/** The ids of the notes that carry the mark of each draft, oldest first. */
type Found = ReadonlyMap<Draft, readonly string[]>;

/**
 * Notes in an account that lets them have no unique property. Each names its key in its text; before one is created, the
 * notes of the records that it belongs to are searched for it. Several writers may still create one at the same moment:
 * so each looks again afterwards, and all but the oldest are archived. A note without any record is found by its id only.
 *
 * @returns one result per draft, or what went wrong with all of them
 */
export async function upsertMarkedNotes(
  drafts: readonly Draft[],
  relatives: Relatives,
  target: Target,
  home: MarkedNotes,
): Promise<DeliveryResult | readonly DeliveryResult[]> {
  const before = await findMarked(drafts, relatives, target);
  if (!before.ok) return before.failure;
  const updated = new Map<Draft, DeliveryResult>();
  for (const draft of drafts) {
    const id = before.value.get(draft)?.[0] ?? (refsOf(draft, relatives).length === 0 ? knownId(draft) : undefined);
    const stop = [...updated.values()].map(restOfConnection).find((rest) => rest !== undefined);
    if (stop !== undefined) return stop;
    const result = id === undefined ? undefined : await updateNote(id, draft, target);
    // Somebody deleted it: it is created anew.
    if (result !== undefined && result.outcome !== 'dependency') updated.set(draft, result);
  }
  const missing = drafts.filter((draft) => !updated.has(draft));
  const created = await createNotes(missing, relatives, target, home);
  if (!created.ok) return created.failure;
  const after = missing.length === 0 ? before : await findMarked(drafts, relatives, target);
  if (!after.ok) return after.failure;
  const doubles = [...after.value.values()].flatMap(([, ...rest]) => rest);
  const archived = await archive(doubles, target);
  if (archived !== undefined) return archived;
  return drafts.map((draft) => {
    const id = after.value.get(draft)?.[0] ?? created.value.get(draft);
    const targetId = id === undefined ? {} : { targetId: targetIdOf({ type: 'notes', id }) };
    return updated.get(draft) ?? { outcome: 'delivered', change: 'created', ...targetId };
  });
}

function knownId({ delivery }: Draft): string | undefined {
  return refOf(delivery.targetId)?.id;
}

function refsOf({ delivery }: Draft, relatives: Relatives): readonly ObjectRef[] {
  return delivery.record.relations.flatMap(({ key }) => relatives.get(key) ?? []);
}

async function updateNote(id: string, draft: Draft, target: Target): Promise<DeliveryResult> {
  const answer = await post(target, PATHS.objects('notes', 'update'), {
    inputs: [{ id, properties: draft.properties }],
  });
  return answer.ok
    ? { outcome: 'delivered', change: 'updated', targetId: targetIdOf({ type: 'notes', id }) }
    : answer.failure;
}

/**
 * A note is created together with its ties, so that it can be found by them.
 *
 * @returns HubSpot's ids
 */
async function createNotes(
  drafts: readonly Draft[],
  relatives: Relatives,
  target: Target,
  { associationTypes }: MarkedNotes,
): Promise<Asked<ReadonlyMap<Draft, string>>> {
  if (drafts.length === 0) return { ok: true, value: new Map() };
  const inputs = drafts.map((draft) => ({
    properties: { ...draft.fallbacks, ...draft.properties },
    associations: refsOf(draft, relatives).flatMap(({ type, id }) => {
      const associationTypeId = associationTypes.get(type);
      return associationTypeId === undefined
        ? []
        : [{ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }];
    }),
  }));
  const answer = await post(target, PATHS.objects('notes', 'create'), { inputs });
  if (!answer.ok) return answer;
  const rows = objectsOf(answer.value.results);
  const ids = drafts.flatMap((draft): [Draft, string][] => {
    const row = rows.find(({ properties }) => isMarkedWith(bodyIn(properties), draft.delivery.record.key));
    return row ? [[draft, textOf(row.id)]] : [];
  });
  return { ok: true, value: new Map(ids) };
}

function bodyIn(properties: unknown): string {
  return textOf(objectOf(properties).hs_note_body);
}

async function archive(ids: readonly string[], target: Target): Promise<Failure | undefined> {
  if (ids.length === 0) return undefined;
  const answer = await post(target, PATHS.objects('notes', 'archive'), { inputs: ids.map((id) => ({ id })) });
  // Another writer who met the same doubles was faster.
  return answer.ok || answer.failure.outcome === 'dependency' ? undefined : answer.failure;
}

async function findMarked(drafts: readonly Draft[], relatives: Relatives, target: Target): Promise<Asked<Found>> {
  const noteIds = new Set<string>();
  const refs = drafts.flatMap((draft) => refsOf(draft, relatives));
  for (const [type, all] of Map.groupBy(refs, (ref) => ref.type)) {
    const ids = await notesOf(type, [...new Set(all.map(({ id }) => id))], target);
    if (!ids.ok) return ids;
    for (const id of ids.value) noteIds.add(id);
  }
  const bodies = await bodiesOf([...noteIds], target);
  if (!bodies.ok) return bodies;
  const found = drafts.map((draft): [Draft, readonly string[]] => {
    const { key } = draft.delivery.record;
    const ids = [...bodies.value].filter(([, body]) => isMarkedWith(body, key)).map(([id]) => id);
    return [draft, ids.toSorted(byAge)];
  });
  return { ok: true, value: new Map(found) };
}

/** HubSpot's ids are numbers that grow, longer than a number of JavaScript is exact. */
function byAge(one: string, other: string): number {
  return one.length - other.length || one.localeCompare(other);
}

async function notesOf(type: ObjectType, ids: readonly string[], target: Target): Promise<Asked<readonly string[]>> {
  const noteIds: string[] = [];
  let inputs: readonly JsonObject[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const answer = await post(target, PATHS.associated(type, 'notes'), { inputs });
    if (!answer.ok && answer.failure.outcome === 'dependency') break;
    if (!answer.ok) return answer;
    const rows = objectsOf(answer.value.results);
    noteIds.push(...rows.flatMap(({ to }) => objectsOf(to).map(({ toObjectId }) => idText(toObjectId))));
    inputs = rows.flatMap(({ from, paging }) => {
      const after = textOf(objectOf(objectOf(paging).next).after);
      return after === '' ? [] : [{ id: idText(objectOf(from).id), after }];
    });
  }
  return { ok: true, value: noteIds };
}

/** The description says text, older versions answered with numbers. */
function idText(id: unknown): string {
  return typeof id === 'number' ? String(id) : textOf(id);
}

async function bodiesOf(ids: readonly string[], target: Target): Promise<Asked<ReadonlyMap<string, string>>> {
  const bodies = new Map<string, string>();
  for (let start = 0; start < ids.length; start += BATCH_SIZE) {
    const answer = await post(target, PATHS.objects('notes', 'read'), {
      inputs: ids.slice(start, start + BATCH_SIZE).map((id) => ({ id })),
      properties: ['hs_note_body'],
      propertiesWithHistory: [],
    });
    if (!answer.ok && answer.failure.outcome === 'dependency') continue;
    if (!answer.ok) return answer;
    for (const { id, properties } of objectsOf(answer.value.results)) {
      bodies.set(textOf(id), bodyIn(properties));
    }
  }
  return { ok: true, value: bodies };
}
