import { readFileSync } from 'node:fs';
import { objectOf, parseJson, textOf, type JsonObject, type JsonValue } from '../http/json.ts';
import type { CrmStore } from '../targets/rest-crm/crm-store.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** What the CRM must hold after the story, written by hand from the story and not from any run. */
export interface ExpectedCrm {
  readonly activities: number;
  readonly records: Readonly<Record<string, { readonly kind: string; readonly fields: JsonObject }>>;
}

export function readExpectedCrm(): ExpectedCrm {
  const file = objectOf(parseJson(readFileSync(new URL('../story/expected-crm.json', import.meta.url), 'utf8')));
  const records = Object.entries(objectOf(file.records)).map(([key, value]) => {
    const record = objectOf(value);
    return [key, { kind: textOf(record.kind), fields: objectOf(record.fields) }] as const;
  });
  return { activities: Number(file.activities), records: Object.fromEntries(records) };
}

/** How many records of each kind the story ends with. */
export function expectedByKind(expected: ExpectedCrm): ReadonlyMap<string, number> {
  const byKind = new Map<string, number>();
  for (const { kind } of Object.values(expected.records)) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return byKind.set('activity', expected.activities);
}

/** Every missing, extra, doubled or wrong record as a sentence; none when the CRM is right. */
export function verifyCrm(expected: ExpectedCrm, store: CrmStore): readonly string[] {
  const missing = Object.entries(expected.records).flatMap(([key, record]) => {
    const found = store.find(key);
    if (found === undefined) return [`Missing: the ${record.kind} ${key}.`];
    if (found.op !== 'upsert') return [`Wrong: the ${record.kind} ${key} is marked "${found.op}".`];
    return wrongFields(key, record.fields, found.fields);
  });
  const extra = store.records
    .filter(({ kind, key }) => kind !== 'activity' && expected.records[key] === undefined)
    .map(({ kind, key }) => `Extra: the ${kind} ${key} is not part of the story.`);
  const activities = store.timeline().length;
  const counted =
    activities === expected.activities ? [] : [`Wrong: ${activities} activities instead of ${expected.activities}.`];
  const doubled = store.twins().map((key) => `Doubled: ${key} stands twice.`);
  return [...missing, ...extra, ...counted, ...doubled];
}

function wrongFields(key: string, expected: JsonObject, found: JsonObject): readonly string[] {
  return Object.entries(expected)
    .filter(([name, value]) => !same(value, found[name]))
    .map(([name, value]) => `Wrong: ${name} of ${key} is ${said(found[name])} instead of ${said(value)}.`);
}

/** `null` stands for "cleared". Amounts are compared as numbers: how many decimals are written does not matter. */
function same(expected: JsonValue, found: JsonValue | undefined): boolean {
  if (expected === null) return found === undefined;
  if (typeof expected === 'string' && typeof found === 'string' && DECIMAL.test(expected) && DECIMAL.test(found)) {
    return Number(expected) === Number(found);
  }
  return JSON.stringify(expected) === JSON.stringify(found);
}

function said(value: JsonValue | undefined): string {
  return value === undefined || value === null ? 'absent' : JSON.stringify(value);
}
