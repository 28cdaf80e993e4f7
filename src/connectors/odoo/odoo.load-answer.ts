import type { Failure } from '../connector.js';
import { accessRefused, passingFailure, unknownField } from './odoo.errors.js';
import { isObject, objectsOf, textOf, type JsonObject } from '../kit/json.js';
import { idsIn } from './odoo.json.js';

/** Module part of every external id that the app writes; identity in Odoo hangs on it, so it never changes. */
export const EXTERNAL_ID_MODULE = 'socotra_sync';

/** What `load` answered: it saves all rows or none, with HTTP 200 either way. */
export type LoadAnswer =
  | { readonly saved: true; readonly ids: readonly number[] }
  | { readonly saved: false; readonly refusals: readonly RefusedRow[] }
  /** Not the answer of a `load`. */
  | { readonly saved: undefined };

export interface RefusedRow {
  /** Index into the rows that were sent; undefined where Odoo names none. */
  readonly row: number | undefined;
  readonly failure: Failure;
}

export function readLoad(result: unknown): LoadAnswer {
  if (!isObject(result) || !('ids' in result) || !('messages' in result)) return { saved: undefined };
  if (Array.isArray(result['ids'])) return { saved: true, ids: idsIn(result['ids']) };
  const errors = objectsOf(result['messages']).filter(({ type }) => type !== 'warning');
  return { saved: false, refusals: errors.map((message) => ({ row: rowOf(message), failure: failureOf(message) })) };
}

/** What a `load` that saved nothing means as a whole: what may pass by itself comes first. */
export function failureOfLoad(result: unknown): Failure | undefined {
  const answer = readLoad(result);
  if (answer.saved !== false) return undefined;
  const failures = answer.refusals.map(({ failure }) => failure);
  const byOutcome = (outcome: Failure['outcome']) => failures.find((failure) => failure.outcome === outcome);
  return byOutcome('retry') ?? byOutcome('dependency') ?? failures[0] ?? { outcome: 'retry', code: 'load_unexplained' };
}

function rowOf({ rows, record }: JsonObject): number | undefined {
  const from = isObject(rows) ? rows['from'] : record;
  return typeof from === 'number' && Number.isInteger(from) && from >= 0 ? from : undefined;
}

function failureOf(entry: JsonObject): Failure {
  const message = textOf(entry['message']);
  const passing = passingFailure(message);
  if (passing !== undefined) return passing;
  const own = new RegExp(`^No matching record found for external id '${EXTERNAL_ID_MODULE}\\.`);
  if (own.test(message)) return { outcome: 'dependency', code: 'related_record_missing' };
  if (/^You are not allowed to /.test(message)) return accessRefused();
  const field = /^[A-Za-z][A-Za-z0-9_]{0,62}(?=\/|$)/.exec(textOf(entry['field']))?.[0];
  return unknownField(message) ?? refused(codeOf(message, field), field);
}

function codeOf(message: string, field: string | undefined): string {
  if (/^No matching record found for /.test(message)) return 'no_matching_record';
  if (/readonly fields on a posted move/.test(message)) return 'posted_move';
  if (/found record of different model/.test(message)) return 'external_id_of_another_model';
  return field === undefined ? 'record_refused' : 'value_refused';
}

const ADVICE: Readonly<Record<string, string>> = {
  no_matching_record:
    'Odoo has no such entry: create or activate it there (countries, currencies), then replay the record.',
  posted_move: 'The invoice is posted in Odoo: reverse it there or set it back to draft, then replay the record.',
  external_id_of_another_model:
    'Odoo holds this record as another kind of document, written under an earlier configuration: delete it there, then replay.',
  value_refused: 'Odoo refuses the value of this field: correct it in Core, or the rule in Odoo.',
  record_refused: 'Odoo refuses the record: create it there by hand to see which rule forbids it.',
};

function refused(code: string, field: string | undefined): Failure {
  return { outcome: 'rejected', code, ...(field !== undefined && { field }), advice: ADVICE[code] ?? '' };
}
