import type { FieldGroups, FieldValues } from '../entities.js';
import { type Fields, isJsonObject, type JsonObject } from './fields.js';

/** Values are arrays of strings, whatever type is configured; a bare value counts as an array of one. */
function toTexts(value: unknown): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts: string[] = [];
  for (const item of values) {
    if (item === null || item === undefined) continue;
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') return undefined;
    texts.push(String(item));
  }
  return texts;
}

function toFieldValues(json: unknown): FieldValues | undefined {
  if (!isJsonObject(json)) return undefined;
  const entries: [string, readonly string[]][] = [];
  for (const name of Object.keys(json)) {
    const texts = toTexts(json[name]);
    if (texts === undefined) return undefined;
    entries.push([name, texts]);
  }
  return Object.fromEntries(entries);
}

/** A map of field name to its values, for example `fieldValues`. Absent is empty. */
export function readFieldValues(fields: Fields, name: string): FieldValues {
  const values = toFieldValues(fields.raw(name) ?? {});
  if (values === undefined) fields.note(name, 'is not a map of names to text values');
  return values ?? {};
}

/** Members of one map of groups; `nameOf` tells in which member of `json` a group's values are. */
function readGroups(fields: Fields, name: string, valuesOf: (member: JsonObject) => unknown): FieldGroups {
  const groups = fields.raw(name) ?? {};
  const entries: [string, FieldValues][] = [];
  for (const [locator, member] of Object.entries(isJsonObject(groups) ? groups : { [name]: undefined })) {
    const values = isJsonObject(member) ? toFieldValues(valuesOf(member)) : undefined;
    if (values === undefined) {
      fields.note(name, 'is not a map of locators to field values');
      return {};
    }
    entries.push([locator, values]);
  }
  return Object.fromEntries(entries);
}

/** Sub-entities of a policyholder: a map of locator to an entity that keeps its values under `values`. */
export function readSubEntities(fields: Fields, name: string): FieldGroups {
  return readGroups(fields, name, (entity) => entity.values ?? {});
}

/** Only Socotra's Node sample shows this shape of a group's member; the documented one is the map of values itself. */
function isNamedGroup(member: unknown): member is JsonObject {
  return isJsonObject(member) && isJsonObject(member.fieldValues);
}

/** In the sample's shape a member says itself which group it belongs to; the usual shape lists the members in the parent. */
function withNamedMembers(values: FieldValues, groups: unknown): FieldValues {
  const named = Object.entries(isJsonObject(groups) ? groups : {}).filter(([, member]) => isNamedGroup(member));
  if (named.length === 0) return values;
  const completed = new Map(Object.entries(values));
  for (const [locator, member] of named) {
    if (!isNamedGroup(member) || typeof member.fieldName !== 'string') continue;
    const listed = completed.get(member.fieldName) ?? [];
    if (!listed.includes(locator)) completed.set(member.fieldName, [...listed, locator]);
  }
  return Object.fromEntries(completed);
}

/** The two containers that policies, exposures, perils and claims share. */
export function readFieldContainers(fields: Fields): {
  readonly fieldValues: FieldValues;
  readonly fieldGroups: FieldGroups;
} {
  const groups = fields.raw('fieldGroupsByLocator');
  return {
    fieldValues: withNamedMembers(readFieldValues(fields, 'fieldValues'), groups),
    fieldGroups: readGroups(fields, 'fieldGroupsByLocator', (member) =>
      isNamedGroup(member) ? member.fieldValues : member,
    ),
  };
}
