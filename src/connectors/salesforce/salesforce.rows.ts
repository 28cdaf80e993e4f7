import type { DeliveryResult, Failure } from '../connector.js';
import { listOf, objectOf, parseJson } from '../kit/json.js';
import { readErrors, rowFailure, type SalesforceError } from './salesforce.errors.js';

/** The result of one row of a collection. */
export type RowAnswer =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly errors: readonly SalesforceError[] };

/** The rows of an answer to a collection, in the order of the request; none where it is no such answer. */
export function readRows(body: string): readonly RowAnswer[] {
  return listOf(parseJson(body)).map(readRow);
}

/** What a row means by itself. */
export function rowResult(row: RowAnswer): Failure | Extract<DeliveryResult, { outcome: 'delivered' }> {
  if (!row.ok) return rowFailure(row.errors);
  return { outcome: 'delivered', change: row.created ? 'created' : 'updated', targetId: row.id };
}

function readRow(row: unknown): RowAnswer {
  const { id, success, created, errors } = objectOf(row);
  if (success === true && typeof id === 'string') return { ok: true, id, created: created === true };
  return { ok: false, errors: readErrors(errors) };
}
