import type { Asked, DeliveryResult, Failure, Target } from '../connector.js';
import { stopAfter } from '../kit/rest-of-connection.js';
import { objectOf, objectsOf, textOf } from '../kit/json.js';
import { BATCH_SIZE, type ObjectRef, type ObjectType, PATHS, post, refOf, targetIdOf } from './hubspot.api.js';
import type { Draft } from './hubspot.draft.js';
import type { NoteHome } from './hubspot.layout.js';
import type { Relatives } from './hubspot.relatives.js';
import { isMarkedWith } from './mapping/note.js';

type MarkedNotes = Extract<NoteHome, { by: 'mark' }>;

interface Found {
  /** The ids of the notes that carry the mark of each draft, oldest first. */
  readonly ids: ReadonlyMap<Draft, readonly string[]>;
  /** Drafts that may stand among notes that were not read. */
  readonly unsure: ReadonlySet<Draft>;
}

/** HubSpot shows 500 ties a page: the notes of a record are searched up to its 5,000th. */
const MOST_PAGES = 10;

const TOO_MANY_NOTES: DeliveryResult = {
  outcome: 'rejected',
  code: 'too_many_notes',
  advice:
    'The record has more than 5,000 notes in HubSpot, too many to look for this one among them: delete old notes there, then replay the event.',
};

/**
 * Notes in an account that lets them have no unique property. Each names its key in its text; before one is created, the
 * notes of the records that it belongs to are searched for it. Several writers may still create one at the same moment:
 * so each looks again afterwards, and all but the oldest are archived. A note without any record is found by its id only;
 * one of a record with more notes than are searched is written only where it was found, because it might stand there twice.
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
  const settled = new Map<Draft, DeliveryResult>();
  for (const draft of drafts) {
    const id = before.value.ids.get(draft)?.[0] ?? (refsOf(draft, relatives).length === 0 ? knownId(draft) : undefined);
    const stop = stopAfter(settled.values());
    if (stop !== undefined) return stop;
    const result = id === undefined ? undefined : await updateNote(id, draft, target);
    // Somebody deleted it: it is created anew.
    if (result !== undefined && result.outcome !== 'dependency') settled.set(draft, result);
    else if (before.value.unsure.has(draft)) settled.set(draft, TOO_MANY_NOTES);
  }
  const missing = drafts.filter((draft) => !settled.has(draft));
  const created = await createNotes(missing, relatives, target, home);
  if (!created.ok) return created.failure;
  const after = missing.length === 0 ? before : await findMarked(drafts, relatives, target);
  if (!after.ok) return after.failure;
  const doubles = [...after.value.ids.values()].flatMap(([, ...rest]) => rest);
  const archived = await archive(doubles, target);
  if (archived !== undefined) return archived;
  return drafts.map((draft) => {
    const id = after.value.ids.get(draft)?.[0] ?? created.value.get(draft);
    const targetId = id === undefined ? {} : { targetId: targetIdOf({ type: 'notes', id }) };
    return settled.get(draft) ?? { outcome: 'delivered', change: 'created', ...targetId };
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
  const crowded = new Set<string>();
  const refs = drafts.flatMap((draft) => refsOf(draft, relatives));
  for (const [type, all] of Map.groupBy(refs, (ref) => ref.type)) {
    const notes = await notesOf(type, [...new Set(all.map(({ id }) => id))], target);
    if (!notes.ok) return notes;
    for (const id of notes.value.noteIds) noteIds.add(id);
    for (const id of notes.value.crowded) crowded.add(targetIdOf({ type, id }));
  }
  const bodies = await bodiesOf([...noteIds], target);
  if (!bodies.ok) return bodies;
  const found = drafts.map((draft): [Draft, readonly string[]] => {
    const { key } = draft.delivery.record;
    const ids = [...bodies.value].filter(([, body]) => isMarkedWith(body, key)).map(([id]) => id);
    return [draft, ids.toSorted(byAge)];
  });
  const unsure = drafts.filter((draft) => refsOf(draft, relatives).some((ref) => crowded.has(targetIdOf(ref))));
  return { ok: true, value: { ids: new Map(found), unsure: new Set(unsure) } };
}

/** HubSpot's ids are numbers that grow, longer than a number of JavaScript is exact. */
function byAge(one: string, other: string): number {
  return one.length - other.length || one.localeCompare(other);
}

/** The notes of these records, and which of the records have more than were read. */
async function notesOf(
  type: ObjectType,
  ids: readonly string[],
  target: Target,
): Promise<Asked<{ readonly noteIds: readonly string[]; readonly crowded: readonly string[] }>> {
  const noteIds: string[] = [];
  let inputs: readonly { readonly id: string; readonly after?: string }[] = ids.map((id) => ({ id }));
  for (let page = 0; page < MOST_PAGES && inputs.length > 0; page += 1) {
    const answer = await post(target, PATHS.associated(type, 'notes'), { inputs });
    if (!answer.ok && answer.failure.outcome === 'dependency') return { ok: true, value: { noteIds, crowded: [] } };
    if (!answer.ok) return answer;
    const rows = objectsOf(answer.value.results);
    noteIds.push(...rows.flatMap(({ to }) => objectsOf(to).map(({ toObjectId }) => idText(toObjectId))));
    inputs = rows.flatMap(({ from, paging }) => {
      const after = textOf(objectOf(objectOf(paging).next).after);
      return after === '' ? [] : [{ id: idText(objectOf(from).id), after }];
    });
  }
  return { ok: true, value: { noteIds, crowded: inputs.map(({ id }) => id) } };
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
