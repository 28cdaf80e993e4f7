import type { Asked, Delivery, DeliveryResult, Failure } from '../connector.js';
import { type BatchAnswer, inBatches, isOnePerRecord } from '../kit/in-batches.js';
import { restOfConnection } from '../kit/rest-of-connection.js';
import { withoutRefusedFields } from '../kit/without-refused-fields.js';
import type { Odoo } from './odoo.api.js';
import type { JsonObject } from '../kit/json.js';
import { failureOfLoad, readLoad, type RefusedRow } from './odoo.load-answer.js';

/** Cells by column, in the words of Odoo's import: `name`, `partner_id/id`, `country_id`. An empty text clears. */
export type Cells = Readonly<Record<string, string>>;

/** One record for `load`. Its further lines repeat no cell of the record itself. */
export interface OdooRow {
  readonly cells: Cells;
  /** Cells of the record's lines, all with the same columns; the first shares the record's own row. */
  readonly lines?: readonly Cells[];
}

/** A record and the row it becomes. */
export interface LoadEntry {
  readonly delivery: Delivery;
  readonly row: OdooRow;
}

/** 50 rows take Odoo about half a second; the whole call is one transaction. */
const BATCH = 50;

/** Where rows go, and how they are to be read. */
export interface LoadPlace {
  readonly odoo: Odoo;
  readonly model: string;
  /** Fields without which the record makes no sense; any other one that Odoo refuses is left out. */
  readonly essential: ReadonlySet<string>;
  readonly options?: JsonObject;
  /** Columns that are emptied when Odoo refuses their value: what stood there before would be wrong beside the rest. */
  readonly emptied?: ReadonlySet<string>;
}

/** Date-times are read in the time zone of the user, unless the call names another one. */
export const IN_UTC: JsonObject = { context: { tz: 'UTC' } };

function callLoad(
  { odoo, model, options }: Omit<LoadPlace, 'essential'>,
  rows: readonly OdooRow[],
): Promise<Asked<unknown>> {
  const columns = columnsOf(rows[0]);
  const data = rows.flatMap((row) => dataOf(row).map((cells) => columns.map((column) => cells[column] ?? '')));
  return odoo.call({ model, method: 'load', args: { fields: columns, data }, ...(options && { options }) });
}

/** One call of `load`. @returns the database ids, in the order of the rows */
export async function loadRows(odoo: Odoo, model: string, rows: readonly OdooRow[]): Promise<Asked<readonly number[]>> {
  const answer = await callLoad({ odoo, model }, rows);
  if (!answer.ok) return answer;
  const load = readLoad(answer.value);
  if (load.saved === true && load.ids.length === rows.length) return { ok: true, value: load.ids };
  return { ok: false, failure: failureOfLoad(answer.value) ?? UNEXPLAINED };
}

const UNEXPLAINED: Failure = { outcome: 'retry', code: 'load_unexplained' };

function columnsOf(row: OdooRow | undefined): readonly string[] {
  return row === undefined ? [] : [...Object.keys(row.cells), ...Object.keys(row.lines?.[0] ?? {})];
}

function dataOf({ cells, lines = [] }: OdooRow): readonly Cells[] {
  const [first, ...others] = lines;
  return [{ ...cells, ...first }, ...others];
}

/**
 * Upserts by external id. Rows with equal columns share a call, because a column that a record does not mention must
 * not be cleared. A bad row costs no other.
 *
 * @returns one result per entry, same order
 */
export async function upsertRows(place: LoadPlace, entries: readonly LoadEntry[]): Promise<readonly DeliveryResult[]> {
  const results = new Map<Delivery, DeliveryResult>();
  const entryOf = new Map(entries.map((entry) => [entry.delivery, entry]));
  const entriesOf = (deliveries: readonly Delivery[]) => deliveries.flatMap((delivery) => entryOf.get(delivery) ?? []);
  let stop: DeliveryResult | undefined;
  for (const group of Map.groupBy(entries, ({ row }) => columnsOf(row).join(' ')).values()) {
    const deliveries = group.map(({ delivery }) => delivery);
    const answers = stop
      ? allOf(deliveries, stop)
      : await inBatches(deliveries, BATCH, (batch) => loadBatch(place, entriesOf(batch)));
    for (const [index, entry] of group.entries()) {
      const first = answers[index] ?? NO_RESULT;
      const result = stop && first.outcome === 'rejected' ? stop : await withLeftOut(place, entry, first);
      results.set(entry.delivery, result);
      stop ??= restOfConnection(result);
    }
  }
  return entries.map(({ delivery }) => results.get(delivery) ?? NO_RESULT);
}

/** A record that the answer says nothing about. */
export const NO_RESULT: DeliveryResult = { outcome: 'unknown_outcome', code: 'no_result_for_record' };

function allOf(deliveries: readonly Delivery[], result: DeliveryResult): readonly DeliveryResult[] {
  return deliveries.map(() => result);
}

/** Nothing of a refused call is saved: it is sent again without the rows that Odoo names. */
async function loadBatch(place: LoadPlace, entries: readonly LoadEntry[]): Promise<BatchAnswer> {
  const answer = await callLoad(
    place,
    entries.map(({ row }) => row),
  );
  if (!answer.ok) return answer.failure;
  const load = readLoad(answer.value);
  if (load.saved === true && load.ids.length === entries.length) {
    return entries.map(({ delivery }, index) => deliveredAs(delivery, load.ids[index]));
  }
  const whole = failureOfLoad(answer.value) ?? UNEXPLAINED;
  if (load.saved !== false || whole.outcome === 'retry') return whole;
  const refused = refusedEntries(entries, load.refusals);
  if (refused.size === 0) return whole;
  const others = entries.filter((entry) => !refused.has(entry));
  const answers = others.length === 0 ? [] : await loadBatch(place, others);
  return entries.map((entry) => {
    return refused.get(entry) ?? (isOnePerRecord(answers) ? (answers[others.indexOf(entry)] ?? NO_RESULT) : answers);
  });
}

function refusedEntries(
  entries: readonly LoadEntry[],
  refusals: readonly RefusedRow[],
): ReadonlyMap<LoadEntry, Failure> {
  const entryByRow = entries.flatMap((entry) => dataOf(entry.row).map(() => entry));
  const refused = new Map<LoadEntry, Failure>();
  for (const { row, failure } of refusals) {
    const entry = row === undefined ? undefined : entryByRow[row];
    if (entry !== undefined && !refused.has(entry)) refused.set(entry, failure);
  }
  return refused;
}

function deliveredAs(delivery: Delivery, id: number | undefined): DeliveryResult {
  if (id === undefined) return NO_RESULT;
  const targetId = String(id);
  return { outcome: 'delivered', change: delivery.targetId === targetId ? 'updated' : 'created', targetId };
}

/** A record one of whose fields was refused is written alone, without that field. */
async function withLeftOut(place: LoadPlace, entry: LoadEntry, first: DeliveryResult): Promise<DeliveryResult> {
  if (first.outcome !== 'rejected' || first.field === undefined) return first;
  const fields = new Set(Object.keys(entry.row.cells).map(fieldOf));
  const mayLeaveOut = (field: string) => fields.has(field) && !place.essential.has(field);
  return withoutRefusedFields(mayLeaveOut, async (leftOut) => {
    if (leftOut.size === 0) return first;
    const answer = await loadBatch(place, [{ ...entry, row: without(entry.row, leftOut, place.emptied) }]);
    return isOnePerRecord(answer) ? (answer[0] ?? NO_RESULT) : answer;
  });
}

function without({ cells, lines }: OdooRow, leftOut: ReadonlySet<string>, emptied?: ReadonlySet<string>): OdooRow {
  const kept = Object.entries(cells).flatMap(([column, value]): [string, string][] => {
    if (!leftOut.has(fieldOf(column))) return [[column, value]];
    return emptied?.has(column) ? [[column, '']] : [];
  });
  return { cells: Object.fromEntries(kept), ...(lines && { lines }) };
}

function fieldOf(column: string): string {
  return column.split('/')[0] ?? column;
}
