import { randomBytes } from 'node:crypto';
import { isObject, textOf, type JsonObject, type JsonValue } from '../../http/json.ts';
import type { FieldDefinition, ObjectDefinition } from './org-metadata.ts';

const KEY = 'Socotra_Key__c';

/** A record as the org holds it. */
export interface StoredRecord {
  readonly id: string;
  readonly object: string;
  /** Lookups hold ids. */
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** An error of one row, as Salesforce words it. */
export interface RowError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export type RowResult =
  | { readonly id: string; readonly success: true; readonly errors: readonly []; readonly created: boolean }
  | { readonly success: false; readonly errors: readonly RowError[] };

/** What a fault or a rule of the org says against a row; undefined: nothing. */
export type RowRule = (object: string, key: string, values: JsonObject) => RowError | undefined;

/** A row whose record was looked for; the commit follows a moment later, and somebody else may be faster. */
export interface MatchedRow {
  readonly row: JsonObject;
  readonly existing: string | undefined;
}

/** The data of an org: records by id, unique by key within their object. */
export class OrgStore {
  readonly #records = new Map<string, StoredRecord>();
  readonly #deleted = new Set<string>();
  readonly #prefixes = new Map<string, string>();
  readonly #objects: ReadonlyMap<string, ObjectDefinition>;
  readonly #rule: RowRule;

  constructor(objects: ReadonlyMap<string, ObjectDefinition>, rule: RowRule) {
    this.#objects = objects;
    this.#rule = rule;
  }

  get records(): readonly StoredRecord[] {
    return [...this.#records.values()];
  }

  byId(id: string): StoredRecord | undefined {
    return this.#records.get(id);
  }

  byKey(object: string, key: string): StoredRecord | undefined {
    return this.records.find((record) => record.object === object && record.fields[KEY] === key);
  }

  match(object: string, rows: readonly JsonObject[]): readonly MatchedRow[] {
    return rows.map((row) => ({ row, existing: this.byKey(object, textOf(row[KEY]))?.id }));
  }

  /** Writes each row by itself; `allOrNone` is false in every request of ours. */
  commit(object: string, matched: readonly MatchedRow[]): readonly RowResult[] {
    const seen = new Set<string>();
    return matched.map(({ row, existing }): RowResult => {
      const key = textOf(row[KEY]);
      if (seen.has(key)) return refused('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`);
      seen.add(key);
      const faster = existing === undefined ? this.byKey(object, key) : undefined;
      if (faster !== undefined) {
        const message = `duplicate value found: ${KEY} duplicates value on record with id: ${faster.id}`;
        return refused('DUPLICATE_VALUE', message);
      }
      return this.#write(object, key, row, existing === undefined ? undefined : this.#records.get(existing));
    });
  }

  /** A user deletes records: what was tied to them is no longer. */
  remove(isMeant: (record: StoredRecord) => boolean): void {
    for (const { id } of this.records.filter(isMeant)) {
      this.#records.delete(id);
      this.#deleted.add(id);
      for (const record of this.records) {
        const kept = Object.entries(record.fields).filter(([, value]) => value !== id);
        this.#records.set(record.id, { ...record, fields: Object.fromEntries(kept) });
      }
    }
  }

  #write(object: string, key: string, row: JsonObject, existing: StoredRecord | undefined): RowResult {
    const definition = this.#objects.get(object) ?? new Map<string, FieldDefinition>();
    if (row.Id !== undefined) return refused('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id', ['Id']);
    const values: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(row)) {
      if (name === 'attributes') continue;
      const set = isObject(value)
        ? this.#related(object, definition, name, value)
        : checked(object, definition, name, value);
      if ('statusCode' in set) return { success: false, errors: [set] };
      values[set.field] = set.value;
    }
    const error =
      this.#rule(object, key, values) ?? this.#missing(object, definition, { ...existing?.fields, ...values });
    if (error !== undefined) return { success: false, errors: [error] };
    const what = values.WhatId;
    if (typeof what === 'string' && !this.#records.has(what)) {
      return this.#deleted.has(what)
        ? refused('ENTITY_IS_DELETED', 'entity is deleted')
        : refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', ['WhatId']);
    }
    const id = existing?.id ?? this.#newId(object);
    const fields = Object.entries({ ...existing?.fields, ...values }).filter(([, value]) => value !== null);
    this.#records.set(id, { id, object, fields: Object.fromEntries(fields) });
    return { id, success: true, errors: [], created: existing === undefined };
  }

  /** A parent by its key. Relations that lead to many kinds of object take no key. */
  #related(object: string, definition: ObjectDefinition, name: string, value: JsonObject): Setting | RowError {
    const lookup = [...definition.values()].find(({ relationship }) => relationship === name);
    const { [KEY]: key, ...rest } = value;
    if (lookup?.referenceTo === undefined || lookup.referenceTo === 'Name') return noSuchColumn(object, name);
    if (typeof key !== 'string' || Object.keys(rest).length > 0) {
      return error('INVALID_FIELD', `More than 1 field provided in an external foreign key reference`, []);
    }
    const parent = this.byKey(lookup.referenceTo, key);
    if (parent !== undefined) return { field: lookup.name, value: parent.id };
    const message = `Foreign key external ID: ${key} not found for field ${KEY} in entity ${lookup.referenceTo}`;
    return error('INVALID_FIELD', message, []);
  }

  #missing(object: string, definition: ObjectDefinition, fields: Record<string, JsonValue>): RowError | undefined {
    const required = [...definition.values()].filter(({ isRequired }) => isRequired).map(({ name }) => name);
    const isPerson = fields.RecordTypeId !== undefined;
    if (object === 'Account') {
      required.push(isPerson ? 'LastName' : 'Name');
      const wrong = isPerson ? ['Name'] : ['FirstName', 'LastName', 'PersonEmail'];
      const bad = wrong.filter((name) => fields[name] !== undefined && fields[name] !== null);
      if (bad.length > 0) {
        const message = `Account: bad field names on insert/update call: ${bad.join(', ')}`;
        return error('INVALID_FIELD_FOR_INSERT_UPDATE', message, bad);
      }
    }
    const missing = required.filter(
      (name) => fields[name] === undefined || fields[name] === null || fields[name] === '',
    );
    if (missing.length === 0) return undefined;
    return error('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
  }

  #newId(object: string): string {
    const prefix = this.#prefixes.get(object) ?? `${this.#prefixes.size}`.padStart(3, 'a');
    this.#prefixes.set(object, prefix);
    return `${prefix}${randomBytes(8).toString('hex').slice(0, 15).toUpperCase()}`;
  }
}

interface Setting {
  readonly field: string;
  readonly value: JsonValue;
}

function checked(object: string, definition: ObjectDefinition, name: string, value: JsonValue): Setting | RowError {
  const field = definition.get(name);
  if (field === undefined) return noSuchColumn(object, name);
  if (!field.isWritable) {
    const message = `Unable to create/update fields: ${name}. Please check the security settings of this field`;
    return error('INVALID_FIELD_FOR_INSERT_UPDATE', message, [name]);
  }
  const isText = typeof value === 'string' && value !== '';
  if (isText && field.length > 0 && value.length > field.length) {
    return error('STRING_TOO_LONG', `${name}: data value too large: ${value} (max length=${field.length})`, [name]);
  }
  if (isText && field.values && !field.values.includes(value)) {
    const message = `${name}: bad value for restricted picklist field: ${value}`;
    return error('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [name]);
  }
  if (isText && field.type === 'email' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) {
    return error('INVALID_EMAIL_ADDRESS', `${name}: invalid email address: ${value}`, [name]);
  }
  return { field: name, value: value === '' ? null : value };
}

/** Whether a value can be read as the field's type at all; the whole call fails where one cannot. */
export function isReadable(field: FieldDefinition | undefined, value: JsonValue): boolean {
  if (field === undefined || value === null || isObject(value)) return true;
  switch (field.type) {
    case 'currency':
    case 'double':
    case 'integer':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    case 'datetime':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value);
    default:
      return typeof value === 'string';
  }
}

function noSuchColumn(object: string, name: string): RowError {
  return error('INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`, []);
}

function refused(statusCode: string, message: string, fields: readonly string[] = []): RowResult {
  return { success: false, errors: [error(statusCode, message, fields)] };
}

function error(statusCode: string, message: string, fields: readonly string[]): RowError {
  return { statusCode, message, fields };
}
