import type { CanonicalRecord } from '../../../records/canonical-record.js';
import type { RecordKey } from '../../../records/record-key.js';
import type { Org } from '../salesforce.org.js';
import { decimalOf, type Value } from '../salesforce.json.js';
import { isDay, noonOf } from './words.js';
import { definitionOf, type FieldOf, type ObjectName } from '../salesforce.objects.js';

/** A relation of a row: the name of the relationship, and the key of the other record. */
export interface Tie {
  readonly relationship: string;
  readonly key: RecordKey;
  readonly required: boolean;
}

/** One row on its way into one object, under the key of its record. */
export interface PlannedRow {
  readonly object: ObjectName;
  readonly key: RecordKey;
  readonly values: Readonly<Record<string, Value>>;
  /** What Salesforce demands of a new record, for the case that the record does not say: sent only when it is missed. */
  readonly fallback: Readonly<Record<string, Value>>;
  readonly ties: readonly Tie[];
}

type Values<O extends ObjectName> = { readonly [F in FieldOf<O>]?: Value | undefined };

/** The row of a record in an object; its locator, its own mapped fields and its relations come by themselves. */
export function rowOf<O extends ObjectName>(
  object: O,
  record: CanonicalRecord,
  org: Org,
  values: Values<O>,
  fallback: Values<O> = {},
): PlannedRow {
  const { own, relations } = definitionOf(object);
  const all = {
    ...('Socotra_Locator__c' in own && { Socotra_Locator__c: record.locator }),
    ...values,
    ...customValues(object, record, org),
  };
  const ties = Object.entries(relations).flatMap(([relationship, { kind }]) => {
    const related = record.relations.find((relation) => relation.kind === kind);
    return related === undefined ? [] : [{ relationship, key: related.key, required: related.required }];
  });
  return { object, key: record.key, values: defined(all), fallback: defined(fallback), ties };
}

/** The tenant's own values come as text; a number or a checkbox takes no text. */
function customValues(object: ObjectName, { fields }: CanonicalRecord, org: Org): Readonly<Record<string, Value>> {
  const types = org.objects.get(object);
  const entries = Object.entries(fields.custom ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, typed(value, types?.get(name)?.type)]));
}

const NUMBER_TYPES = new Set(['double', 'currency', 'percent', 'int']);

function typed(value: string | null, type: string | undefined): Value {
  if (value === null || type === undefined) return value;
  if (NUMBER_TYPES.has(type)) return decimalOf(value) ?? value;
  // As every other day where Salesforce wants an instant.
  if (type === 'datetime' && isDay(value)) return noonOf(value) ?? value;
  return type === 'boolean' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
}

function defined(values: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
