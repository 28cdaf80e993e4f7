import type { JsonObject, JsonValue } from '../../http/json.ts';
import { matches } from './odoo-domain.ts';
import { missingError, notFound, userError, validationError, valueError } from './odoo-exception.ts';
import { type App, type Field, type Model, standardModels } from './odoo-models.ts';

/** A record as it is stored: a many2one is the id of the other record or `false`, what is empty is `false`. */
export interface Row {
  readonly id: number;
  readonly [field: string]: JsonValue;
}

type Values = Readonly<Record<string, JsonValue>>;

/** The tables of one database and the external ids of its records. */
export class OdooDatabase {
  readonly major: number;
  readonly models: Map<string, Model>;
  #tables = new Map<string, Map<number, Row>>();
  /** `module.name` of records that have one. */
  readonly externalIds = new Map<string, { readonly model: string; readonly id: number }>();
  readonly #apps: ReadonlySet<App>;
  /** Above the ids of what the database is delivered with. */
  #lastId = 10_000;

  constructor(major: number, apps: readonly App[]) {
    this.major = major;
    this.models = standardModels(major);
    this.#apps = new Set(apps);
  }

  has(model: string): boolean {
    const known = this.models.get(model);
    return known !== undefined && (known.app === undefined || this.#apps.has(known.app));
  }

  /** @throws {OdooException} in the words of the version */
  model(name: string): Model {
    const model = this.models.get(name);
    if (model !== undefined && this.has(name)) return model;
    throw this.major >= 19 ? notFound(`the model '${name}' does not exist`) : userError(`Object ${name} doesn't exist`);
  }

  field(model: string, name: string): Field {
    const field = name === 'id' ? ID : this.model(model).fields.get(name);
    if (field !== undefined) return field;
    throw valueError(`Invalid field '${name}' ${this.major >= 19 ? 'in' : 'on model'} '${model}'`);
  }

  rows(model: string): readonly Row[] {
    return [...this.#table(model).values()];
  }

  find(model: string, id: number): Row | undefined {
    return this.#table(model).get(id);
  }

  /** @throws {OdooException} when somebody deleted it */
  get(model: string, id: number): Row {
    const row = this.find(model, id);
    if (row === undefined) throw missingError(model, id);
    return row;
  }

  /** What the database is delivered with. */
  put(model: string, row: Row): void {
    this.#table(model).set(row.id, { ...emptyRow(this.model(model)), ...row });
  }

  create(model: string, values: Values): Row {
    this.#checkRequired(model, values);
    this.#lastId += 1;
    const row = { ...emptyRow(this.model(model)), ...values, id: this.#lastId };
    this.#table(model).set(row.id, row);
    return row;
  }

  write(model: string, id: number, values: Values): void {
    const row = { ...this.get(model, id), ...values };
    this.#checkRequired(model, row);
    this.#table(model).set(id, row);
  }

  unlink(model: string, id: number): void {
    this.#table(model).delete(id);
    for (const [name, target] of this.externalIds) {
      if (target.model === model && target.id === id) this.externalIds.delete(name);
    }
    this.#forget(model, id);
  }

  externalIdOf(model: string, id: number): string | undefined {
    for (const [name, target] of this.externalIds) if (target.model === model && target.id === id) return name;
    return undefined;
  }

  /** Archived records are hidden unless the context says otherwise. */
  search(model: string, domain: JsonValue, context: JsonObject): readonly Row[] {
    const hidesArchived = context.active_test !== false && this.model(model).fields.has('active');
    const mentionsActive = JSON.stringify(domain).includes('"active"');
    return this.rows(model)
      .filter((row) => !hidesArchived || mentionsActive || row.active !== false)
      .filter((row) => matches(this, model, row, domain));
  }

  /** As a client sees it: a many2one with its label, a one2many as ids. */
  read(model: string, row: Row, fields: readonly string[]): JsonObject {
    const entries = fields.map((name): [string, JsonValue] => [name, this.#shown(model, row, name)]);
    return { id: row.id, ...Object.fromEntries(entries) };
  }

  /** Of a one2many. The journal items that balance an invoice have an account and are none of its invoice lines. */
  linesOf(model: string, id: number, name: string): readonly Row[] {
    const { model: other = '', inverse = '' } = this.field(model, name);
    return this.rows(other).filter((row) => row[inverse] === id && (row.account_id ?? false) === false);
  }

  /** Runs a transaction: what throws, or returns false, leaves no trace. */
  transaction<T>(work: () => T, isKept: (result: T) => boolean): T {
    const tables = new Map([...this.#tables].map(([name, table]) => [name, new Map(table)]));
    const externalIds = new Map(this.externalIds);
    const undo = (): void => {
      this.#tables = tables;
      this.externalIds.clear();
      for (const [name, target] of externalIds) this.externalIds.set(name, target);
    };
    try {
      const result = work();
      if (!isKept(result)) undo();
      return result;
    } catch (error) {
      undo();
      throw error;
    }
  }

  labelOf(model: string, id: JsonValue | undefined): string {
    const row = typeof id === 'number' ? this.find(model, id) : undefined;
    const name = row?.name ?? row?.['x_name'];
    return typeof name === 'string' ? name : `${model},${String(id)}`;
  }

  #shown(model: string, row: Row, name: string): JsonValue {
    const field = this.field(model, name);
    const value = row[name] ?? false;
    if (field.type === 'many2one')
      return typeof value === 'number' ? [value, this.labelOf(field.model ?? '', value)] : false;
    return field.type === 'one2many' ? this.linesOf(model, row.id, name).map(({ id }) => id) : value;
  }

  #table(model: string): Map<number, Row> {
    const table = this.#tables.get(model) ?? new Map<number, Row>();
    this.#tables.set(model, table);
    return table;
  }

  #checkRequired(model: string, values: Values): void {
    const { fields, requiredMessage, label } = this.model(model);
    for (const [name, field] of fields) {
      const value = values[name];
      if (field.required !== true || (value !== undefined && value !== false && value !== '')) continue;
      throw validationError(
        requiredMessage === undefined
          ? `The operation cannot be completed: Missing required value for the field '${field.label}' (${name}).\nModel: '${label}' (${model})\n`
          : `The operation cannot be completed: ${requiredMessage}`,
      );
    }
  }

  /** What pointed at a deleted record points at nothing. */
  #forget(model: string, id: number): void {
    for (const [name, { fields }] of this.models) {
      const relations = [...fields].filter(([, field]) => field.type === 'many2one' && field.model === model);
      for (const row of this.rows(name)) {
        const gone = relations.filter(([field]) => row[field] === id).map(([field]) => [field, false] as const);
        if (gone.length > 0) this.#table(name).set(row.id, { ...row, ...Object.fromEntries(gone) });
      }
    }
  }
}

const ID: Field = { type: 'integer', label: 'ID' };

function emptyRow({ fields }: Model): Values {
  return Object.fromEntries([...fields].map(([name, field]) => [name, emptyValue(name, field)]));
}

function emptyValue(name: string, { type }: Field): JsonValue {
  if (name === 'active') return true;
  if (type === 'float' || type === 'integer') return 0;
  return type === 'many2many' ? [] : false;
}
