import type { DeliveryResult, Target } from '../connector.js';
import { type BatchAnswer, isOnePerRecord } from '../kit/in-batches.js';
import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from '../kit/json.js';
import { stopAfter } from '../kit/rest-of-connection.js';
import { withoutRefusedFields } from '../kit/without-refused-fields.js';
import { type ObjectType, PATHS, post, targetIdOf } from './hubspot.api.js';
import { errorFailure } from './hubspot.classify.js';
import { contradictsLayout, type Draft, LAYOUT_OUTDATED, mayLeaveOut, sentProperties } from './hubspot.draft.js';
import { KEY } from './hubspot.properties.js';

const NOTHING: ReadonlySet<string> = new Set();

/** Codes of what a new record lacks; an update never meets them. */
const LACKS = new Set(['missing_required_property', 'missing_conditional_required_property']);

/** @param isLastTry whether the layout has been looked at anew already, so that what it lacks is to be left out */
export async function upsert(
  drafts: readonly Draft[],
  type: ObjectType,
  target: Target,
  isLastTry: boolean,
): Promise<BatchAnswer> {
  const [first] = drafts;
  if (first === undefined) return [];
  if (drafts.length === 1) return [await upsertOne(first, type, target, isLastTry)];
  const answer = await send(drafts, type, target, NOTHING);
  if (!isOnePerRecord(answer)) {
    // Halving would not find one bad record: all of them meet it.
    const isAboutAll = answer.outcome === 'rejected' && (contradictsLayout(answer) || answer.code === 'missing_scopes');
    return isAboutAll ? drafts.map(() => answer) : answer;
  }
  const results: DeliveryResult[] = [];
  for (const [index, draft] of drafts.entries()) {
    const result = answer[index] ?? NO_ROW;
    if (needsOwnCall(result)) {
      // A hundred calls to a target that does not answer would take as many times its silence.
      const stop = stopAfter(results);
      results.push(stop ?? (await upsertOne(draft, type, target, isLastTry)));
    } else results.push(withRefused(result, draft));
  }
  return results;
}

const NO_ROW: DeliveryResult = { outcome: 'retry', code: 'no_row_in_answer' };

/** What a batch cannot settle: a field to leave out, something to fill in, or an error that does not say whom it is about. */
function needsOwnCall(result: DeliveryResult): boolean {
  if (result === NO_ROW) return true;
  return result.outcome === 'rejected' && (result.field !== undefined || LACKS.has(result.code));
}

async function upsertOne(draft: Draft, type: ObjectType, target: Target, isLastTry: boolean): Promise<DeliveryResult> {
  const write = async (written: Draft, leftOut: ReadonlySet<string>): Promise<DeliveryResult> => {
    const answer = await send([written], type, target, leftOut);
    return isOnePerRecord(answer) ? (answer[0] ?? NO_ROW) : answer;
  };
  const result = await withoutRefusedFields(
    (field) => mayLeaveOut(field, draft),
    async (leftOut) => {
      const first = await write(draft, leftOut);
      if (first.outcome !== 'rejected') return first;
      // What is to be mended is not left out.
      if (!isLastTry && contradictsLayout(first)) return LAYOUT_OUTDATED;
      // HubSpot makes a new record of it, and this one does not say all that a new one needs.
      return LACKS.has(first.code)
        ? write({ ...draft, properties: { ...draft.fallbacks, ...draft.properties } }, leftOut)
        : first;
    },
  );
  return withRefused(result, draft);
}

function withRefused(result: DeliveryResult, { refused }: Draft): DeliveryResult {
  if (result.outcome !== 'delivered' || refused.length === 0) return result;
  return { ...result, refusedFields: [...refused, ...(result.refusedFields ?? [])] };
}

async function send(
  drafts: readonly Draft[],
  type: ObjectType,
  target: Target,
  leftOut: ReadonlySet<string>,
): Promise<BatchAnswer> {
  const inputs = drafts.map((draft) => ({
    id: draft.delivery.record.key,
    idProperty: KEY,
    // Names each input, so that HubSpot takes the good ones and says which is not. It documents that for creating only:
    // https://developers.hubspot.com/docs/api-reference/latest/error-handling (multi-status errors).
    objectWriteTraceId: draft.delivery.record.key,
    properties: { ...sentProperties(draft, leftOut), [KEY]: draft.delivery.record.key },
  }));
  const answer = await post(target, PATHS.objects(type, 'upsert'), { inputs });
  return answer.ok ? rowsOf(answer.value, drafts, type) : answer.failure;
}

/** One result per draft, whatever the order of the answer. */
function rowsOf(body: JsonObject, drafts: readonly Draft[], type: ObjectType): readonly DeliveryResult[] {
  const errors = objectsOf(body.errors);
  const rows = objectsOf(body.results);
  const isWhole = rows.length === drafts.length;
  return drafts.map(({ delivery: { record } }, index) => {
    const row =
      rows.find((candidate) => keyOfRow(candidate) === record.key) ??
      (isWhole && keyOfRow(rows[index]) === '' ? rows[index] : undefined);
    if (row !== undefined) {
      const change = row.new === true ? 'created' : 'updated';
      return { outcome: 'delivered', change, targetId: targetIdOf({ type, id: textOf(row.id) }) };
    }
    const about = errors.find(({ context }) => textsOf(objectOf(context).objectWriteTraceId).includes(record.key));
    const error = about ?? (errors.length === 1 && drafts.length === 1 ? errors[0] : undefined);
    return error ? errorFailure(error) : NO_ROW;
  });
}

function keyOfRow(row: JsonObject | undefined): string {
  return textOf(row?.objectWriteTraceId) || textOf(objectOf(row?.properties)[KEY]);
}
