import type { Delivery, DeliveryResult, RefusedField } from '../connector.js';
import { cutTo } from '../record-text.js';
import type { PlannedRow } from './mapping/planned-row.js';
import { isDay } from './mapping/words.js';
import { KEY_FIELD } from './objects/own-fields.js';
import { missingKeyOf } from './salesforce.errors.js';
import type { Json, Value } from './salesforce.json.js';
import { definitionOf } from './salesforce.objects.js';
import type { OrgField, OrgObject } from './salesforce.org.js';
import { type RowAnswer, rowResult } from './salesforce.rows.js';

/** One way to write a row; each that follows drops or adds what Salesforce complained about. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly row: PlannedRow;
  /** Fields and relationships that are not sent, with the reason. */
  readonly leftOut: ReadonlyMap<string, string>;
  /** The fields of the row that hold money: in whatever currency the record is. */
  readonly amounts: readonly string[];
  /** What a new record cannot do without is sent in addition. */
  readonly isFilled: boolean;
  /** Somebody else created the record at the same time. */
  readonly isSecondAfterRace: boolean;
}

/** Refused fields after which something else must be wrong. */
const MOST_LEFT_OUT = 5;

const NOT_WRITABLE = 'field_not_writable';

/** As Salesforce itself says it where it names the field. */
const OF_ANOTHER_TYPE = 'invalid_type_on_field_in_record';

const CURRENCY = 'CurrencyIsoCode';
/** An org that does not have the currency would show the amounts in another one. */
const CURRENCY_REFUSED = 'currency_refused';

/** The first way to write a row: with every field that the user may write, as long as the field takes. */
export function firstAttempt(delivery: Delivery, row: PlannedRow, object: OrgObject): Attempt {
  const { relations } = definitionOf(row.object);
  const hidden = [
    ...Object.keys(row.values).filter((name) => !isWritable(object.get(name))),
    ...row.ties
      .map(({ relationship }) => relationship)
      .filter((name) => {
        return !isWritable(object.get(relations[name]?.field ?? ''));
      }),
  ];
  const [values, fallback] = [fitting(row.values, object), fitting(row.fallback, object)];
  const misfits = Object.keys(values).filter((name) => !isOfType(values[name], object.get(name)?.type));
  return {
    delivery,
    row: { ...row, values, fallback },
    leftOut: new Map([
      ...misfits.map((name): [string, string] => [name, OF_ANOTHER_TYPE]),
      ...hidden.map((name): [string, string] => [name, NOT_WRITABLE]),
    ]),
    amounts: Object.keys(row.values).filter((name) => object.get(name)?.type === 'currency'),
    isFilled: false,
    isSecondAfterRace: false,
  };
}

/** The record of a collection as it is sent. */
export function recordOf({ row, leftOut, isFilled }: Attempt): Json {
  const values = Object.entries(row.values).filter(([name]) => !leftOut.has(name));
  const ties = row.ties.filter(({ relationship }) => !leftOut.has(relationship));
  return {
    attributes: { type: row.object },
    [KEY_FIELD]: row.key,
    ...(isFilled && row.fallback),
    ...Object.fromEntries(values),
    ...Object.fromEntries(ties.map(({ relationship, key }) => [relationship, { [KEY_FIELD]: key }])),
  };
}

/** What the answer means for this row; a related record that nobody ever sent is no reason to wait for it. */
export function resultOf({ row, delivery }: Attempt, answer: RowAnswer | undefined): DeliveryResult {
  if (answer === undefined) return { outcome: 'retry', code: 'unknown_answer_200' };
  const missingKey = answer.ok ? undefined : answer.errors.map(missingKeyOf).find((key) => key !== undefined);
  const missing = row.ties.find(({ key }) => key === missingKey);
  if (missing === undefined || missing.required || delivery.relatedIds.has(missing.key)) return rowResult(answer);
  const advice = 'The related record is not in Salesforce: synchronize it first.';
  return { outcome: 'rejected', code: 'related_record_missing', field: missing.relationship, advice };
}

/** The next way to write a row after this result; undefined: the result stands. */
export function nextAttempt(attempt: Attempt, result: DeliveryResult): Attempt | undefined {
  if (result.outcome === 'retry' && result.code === 'duplicate_value') {
    return attempt.isSecondAfterRace ? undefined : { ...attempt, isSecondAfterRace: true };
  }
  if (result.outcome !== 'rejected') return undefined;
  const { code, field = '' } = result;
  const { row, leftOut, amounts, isFilled } = attempt;
  const isSent = Object.hasOwn(row.values, field) && !leftOut.has(field);
  if (code === 'required_field_missing' && !isFilled && !isSent && Object.hasOwn(row.fallback, field)) {
    return { ...attempt, isFilled: true };
  }
  const name = nameOfSent(attempt, field);
  // What the user may not write was never sent, and says nothing about the record.
  const refused = [...leftOut.values()].filter((reason) => reason !== NOT_WRITABLE && reason !== CURRENCY_REFUSED);
  if (name === undefined || refused.length >= MOST_LEFT_OUT) return undefined;
  const along = name === CURRENCY ? amounts.filter((amount) => !leftOut.has(amount)) : [];
  const more = along.map((amount): [string, string] => [amount, CURRENCY_REFUSED]);
  return { ...attempt, leftOut: new Map([...leftOut, [name, code], ...more]) };
}

/** The result as it is handed back: with what was left out on the way. */
export function withLeftOut({ leftOut }: Attempt, result: DeliveryResult): DeliveryResult {
  const refusedFields: RefusedField[] = [...leftOut]
    // Not every org has several currencies; then there is nothing to say about the field.
    .filter(([field, reason]) => field !== CURRENCY || reason !== NOT_WRITABLE)
    .map(([field, code]) => ({ field, code }));
  return result.outcome === 'delivered' && refusedFields.length > 0 ? { ...result, refusedFields } : result;
}

/** What was sent under this name and may be left out; a lookup is named by its field or by its relationship. */
function nameOfSent({ row, leftOut }: Attempt, field: string): string | undefined {
  if (leftOut.has(field)) return undefined;
  if (Object.hasOwn(row.values, field)) return field;
  const { relations } = definitionOf(row.object);
  const tie = row.ties.find(({ relationship }) => relationship === field || relations[relationship]?.field === field);
  return tie === undefined || tie.required || leftOut.has(tie.relationship) ? undefined : tie.relationship;
}

function isWritable(field: OrgField | undefined): boolean {
  return field?.writable ?? false;
}

/**
 * Whether Salesforce can read the value at all in a field of this type. What it cannot fails the whole call, and names no
 * field (`JSON_PARSER_ERROR`): of the tenant's own values, which are text, any may be of this kind.
 */
function isOfType(value: Value | undefined, type: string | undefined): boolean {
  if (value === undefined || value === null) return true;
  switch (type) {
    case 'double':
    case 'currency':
    case 'percent':
    case 'int':
      return typeof value === 'object';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isDay(value);
    case 'datetime':
      return typeof value === 'string' && isInstant(value);
    default:
      return true;
  }
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T.*(?:Z|[+-]\d{2}:?\d{2})$/;

function isInstant(text: string): boolean {
  const [, day = ''] = INSTANT.exec(text) ?? [];
  return isDay(day) && !Number.isNaN(Date.parse(text));
}

/** A combobox takes any text beside its choices: the subject of a task is one (Object Reference, "Task"). */
const CUT_TYPES = new Set(['string', 'textarea', 'combobox']);

/** Text longer than its field is cut: most of a sentence is better than none, and the whole of it is in Socotra. */
function fitting(values: PlannedRow['values'], object: OrgObject): PlannedRow['values'] {
  const cut = ([name, value]: [string, Value]): [string, Value] => {
    const field = object.get(name);
    const isTooLong =
      typeof value === 'string' && field !== undefined && field.length > 0 && value.length > field.length;
    return isTooLong && CUT_TYPES.has(field.type) ? [name, cutTo(value, field.length)] : [name, value];
  };
  return Object.fromEntries(Object.entries(values).map(cut));
}
