import { readFileSync } from 'node:fs';
import { objectOf, parseJson, textOf, type JsonObject, type JsonValue } from '../http/json.ts';
import type { StandInRecord } from '../targets/target-stand-in.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** What a target must hold after the story, written by hand from the story and not from any run. */
export interface ExpectedRecords {
  readonly activities: number;
  readonly records: Readonly<Record<string, { readonly kind: string; readonly fields: JsonObject }>>;
}

/** @param name of the file below `story/`, for example `expected-crm` */
export function readExpectedRecords(name: string): ExpectedRecords {
  const file = objectOf(parseJson(readFileSync(new URL(`../story/${name}.json`, import.meta.url), 'utf8')));
  const records = Object.entries(objectOf(file.records)).map(([key, value]) => {
    const record = objectOf(value);
    return [key, { kind: textOf(record.kind), fields: objectOf(record.fields) }] as const;
  });
  return { activities: Number(file.activities), records: Object.fromEntries(records) };
}

/** How many records of each kind the story ends with. */
export function expectedByKind(expected: ExpectedRecords): ReadonlyMap<string, number> {
  const byKind = new Map<string, number>();
  for (const { kind } of Object.values(expected.records)) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return byKind.set('activity', expected.activities);
}

/** Every missing, extra, doubled or wrong record as a sentence; none when the target is right. */
export function verifyRecords(expected: ExpectedRecords, held: readonly StandInRecord[]): readonly string[] {
  const byKey = Map.groupBy(held, ({ key }) => key);
  const missing = Object.entries(expected.records).flatMap(([key, record]) => {
    const found = byKey.get(key)?.[0];
    if (found === undefined) return [`Missing: the ${record.kind} ${key}.`];
    if (found.kind !== record.kind) return [`Wrong: the ${record.kind} ${key} stands there as a ${found.kind}.`];
    return wrongFields(key, record.fields, found.fields);
  });
  const extra = held
    .filter(({ kind, key }) => kind !== 'activity' && expected.records[key] === undefined)
    .map(({ kind, key }) => `Extra: the ${kind} ${key} is not part of the story.`);
  const lines = held.filter(({ kind }) => kind === 'activity');
  const counted =
    lines.length === expected.activities
      ? []
      : [`Wrong: ${lines.length} activities instead of ${expected.activities}.`];
  const adrift = lines
    .filter(({ tiedTo }) => tiedTo.length === 0)
    .map(({ key }) => `Adrift: the activity ${key} stands on no record.`);
  const doubled = [...byKey].filter(([, { length }]) => length > 1).map(([key]) => `Doubled: ${key} stands twice.`);
  return [...missing, ...extra, ...counted, ...adrift, ...doubled];
}

function wrongFields(key: string, expected: JsonObject, found: JsonObject): readonly string[] {
  return Object.entries(expected)
    .filter(([name, value]) => !same(value, found[name]))
    .map(([name, value]) => `Wrong: ${name} of ${key} is ${said(found[name])} instead of ${said(value)}.`);
}

/** `null` stands for "cleared", however a target shows that. Amounts are compared as numbers. */
function same(expected: JsonValue, found: JsonValue | undefined): boolean {
  if (expected === null) return found === undefined || found === null || found === '' || found === false;
  const [wanted, shown] = [String(expected), String(found)];
  if (DECIMAL.test(wanted) && DECIMAL.test(shown)) return Number(wanted) === Number(shown);
  return JSON.stringify(expected) === JSON.stringify(found);
}

function said(value: JsonValue | undefined): string {
  return value === undefined || value === null ? 'absent' : JSON.stringify(value);
}
