import type { JsonObject, JsonValue } from '../../http/json.ts';
import { isObject, objectOf, objectsOf, textOf } from '../../http/json.ts';
import type { OdooAccounting } from './odoo-accounting.ts';
import type { OdooDatabase } from './odoo-database.ts';
import { accessError, notFound, unprocessable, userError, validationError } from './odoo-exception.ts';
import type { OdooImporter } from './odoo-importer.ts';
import type { Field, Model } from './odoo-models.ts';
import type { OdooRights } from './odoo-rights.ts';
import { USER } from './odoo-seed.ts';

export interface Call {
  readonly model: string;
  readonly method: string;
  readonly ids: readonly number[];
  readonly args: JsonObject;
  readonly context: JsonObject;
}

interface Method {
  /** Called on records, which it needs, or on the model. */
  readonly on: 'records' | 'model';
  /** In their order; the first `needed` of them must be there. */
  readonly params: readonly string[];
  readonly needed: number;
  readonly writes: boolean;
  readonly run: (call: Call) => JsonValue | Promise<JsonValue>;
}

/** The access rule of a new model counts from a later request on. */
const NOTICED_AFTER = 2;

/** The methods of the server, by name; some exist on certain models only. */
export class OdooMethods {
  readonly #database: OdooDatabase;
  readonly #accounting: OdooAccounting;
  readonly #importer: OdooImporter;
  readonly #rights: OdooRights;
  readonly #methods: ReadonlyMap<string, Method>;

  constructor(parts: {
    database: OdooDatabase;
    accounting: OdooAccounting;
    importer: OdooImporter;
    rights: OdooRights;
  }) {
    this.#database = parts.database;
    this.#accounting = parts.accounting;
    this.#importer = parts.importer;
    this.#rights = parts.rights;
    this.#methods = new Map([...this.#ofEveryModel(), ...this.#ofSome()]);
  }

  /** @throws {OdooException} when there is none */
  find(model: string, method: string): Method {
    this.#database.model(model);
    if (method.startsWith('_')) {
      throw accessError(`Private methods (such as '${model}.${method}') cannot be called remotely.`);
    }
    const found = this.#methods.get(method) ?? this.#methods.get(`${model}.${method}`);
    if (found === undefined) throw notFound(`The method '${model}.${method}' does not exist`);
    return found;
  }

  writes(model: string, method: string): boolean {
    return (this.#methods.get(method) ?? this.#methods.get(`${model}.${method}`))?.writes ?? false;
  }

  /** @throws {OdooException} */
  async run(call: Call, hasIds: boolean): Promise<JsonValue> {
    const method = this.find(call.model, call.method);
    if (method.on === 'model' && hasIds) throw unprocessable(`cannot call ${call.model}.${call.method} with ids`);
    const missing = method.params.slice(0, method.needed).find((name) => call.args[name] === undefined);
    if (missing !== undefined) throw unprocessable(`missing a required argument: '${missing}'`);
    const unknown = Object.keys(call.args).find((name) => !method.params.includes(name));
    if (unknown !== undefined) throw unprocessable(`got an unexpected keyword argument '${unknown}'`);
    if (call.method !== 'context_get' && call.method !== 'load') {
      this.#rights.check(call.model, method.writes ? (call.method === 'create' ? 'create' : 'modify') : 'read');
    }
    return method.run(call);
  }

  #ofEveryModel(): [string, Method][] {
    const database = this.#database;
    return [
      [
        'search_read',
        reading('model', ['domain', 'fields', 'offset', 'limit', 'order'], 1, ({ model, args, context }) => {
          const fields = textsOf(args.fields);
          for (const field of fields) database.field(model, field);
          return limited(database.search(model, args.domain ?? [], context), args.limit).map((row) =>
            database.read(model, row, fields),
          );
        }),
      ],
      [
        'search',
        reading('model', ['domain', 'offset', 'limit', 'order'], 1, ({ model, args, context }) => {
          return limited(database.search(model, args.domain ?? [], context), args.limit).map(({ id }) => id);
        }),
      ],
      [
        'get_external_id',
        reading('records', [], 0, ({ model, ids }) => {
          return Object.fromEntries(ids.map((id) => [String(id), database.externalIdOf(model, id) ?? '']));
        }),
      ],
      [
        'load',
        writing('model', ['fields', 'data'], 2, ({ model, args }) => {
          const rows = Array.isArray(args.data) ? (args.data as readonly JsonValue[]) : [];
          const data = rows.map((row) => (Array.isArray(row) ? (row as readonly JsonValue[]) : []));
          return this.#importer.load(model, textsOf(args.fields), data);
        }),
      ],
      [
        'create',
        writing('model', ['vals_list'], 1, ({ model, args }) => {
          const list = isObject(args.vals_list) ? [args.vals_list] : objectsOf(args.vals_list);
          return list.map((values) => this.#create(model, values));
        }),
      ],
      [
        'write',
        writing('records', ['vals'], 1, ({ model, ids, args }) => {
          const values = objectOf(args.vals);
          for (const name of Object.keys(values)) database.field(model, name);
          for (const id of ids) database.write(model, id, values);
          return true;
        }),
      ],
      [
        'unlink',
        writing('records', [], 0, ({ model, ids }) => {
          for (const id of ids) database.unlink(model, id);
          return true;
        }),
      ],
    ];
  }

  #ofSome(): [string, Method][] {
    const [database, books] = [this.#database, this.#accounting];
    const each = (run: (id: number) => JsonValue): Method =>
      writing('records', [], 0, ({ ids }) => ids.map(run).at(-1) ?? true);
    return [
      ['res.users.context_get', reading('model', [], 0, () => ({ lang: 'en_US', tz: false, uid: USER }))],
      ['crm.lead.action_set_won', each((id) => this.#endLead(id, { probability: 100, active: true }))],
      [
        'crm.lead.action_set_lost',
        each((id) => {
          if (database.get('crm.lead', id).probability === 100) throw userError('A won opportunity cannot be lost.');
          return this.#endLead(id, { probability: 0, active: false });
        }),
      ],
      [
        'sale.order.action_cancel',
        each((id) => {
          database.get('sale.order', id);
          database.write('sale.order', id, { state: 'cancel' });
          return true;
        }),
      ],
      ['account.move.action_post', each((id) => books.postMove(id))],
      ['account.move.button_draft', each((id) => books.draftMove(id))],
      ['account.move.button_cancel', each((id) => books.cancelMove(id))],
      [
        'account.move.js_assign_outstanding_line',
        writing('records', ['line_id'], 1, ({ ids, args }) => {
          return books.assign(ids[0] ?? 0, Number(args.line_id));
        }),
      ],
      ['account.payment.action_post', each((id) => books.postPayment(id))],
      ['account.payment.action_draft', each((id) => books.draftPayment(id))],
      ['account.payment.action_cancel', each((id) => books.cancelPayment(id))],
    ];
  }

  #endLead(id: number, values: JsonObject): JsonValue {
    this.#database.get('crm.lead', id);
    this.#database.write('crm.lead', id, values);
    return true;
  }

  #create(model: string, values: JsonObject): number {
    for (const name of Object.keys(values)) this.#database.field(model, name);
    if (model === 'ir.model') return this.#createModel(values);
    if (model === 'ir.model.fields') return this.#createField(values);
    return this.#database.create(model, values).id;
  }

  #createModel({ field_id, ...values }: JsonObject): number {
    const name = textOf(values.model);
    if (!name.startsWith('x_')) throw validationError("The model name must start with 'x_'.");
    if (this.#database.has(name)) throw validationError(`The model ${name} already exists.`);
    const own: [string, Field][] = [['x_name', { type: 'char', label: 'Name' }]];
    const custom: Model = { label: textOf(values.name), fields: new Map(own) };
    this.#database.models.set(name, custom);
    const { id } = this.#database.create('ir.model', values);
    for (const command of Array.isArray(field_id) ? (field_id as readonly JsonValue[]) : []) {
      const [, , field] = Array.isArray(command) ? (command as readonly JsonValue[]) : [];
      this.#createField({ ...objectOf(field), model_id: id });
    }
    this.#rights.hide(name);
    return id;
  }

  #createField(values: JsonObject): number {
    const name = textOf(values.name);
    const model = textOf(this.#database.get('ir.model', Number(values.model_id)).model);
    if (!name.startsWith('x_')) throw validationError("Custom fields must have a name that starts with 'x_'!");
    const { fields } = this.#database.model(model);
    if (fields.has(name)) throw validationError('Field names must be unique per model.');
    fields.set(name, fieldOf(values));
    return this.#database.create('ir.model.fields', { ...values, model }).id;
  }

  /** To be called after a transaction: a rule that was written counts a little later. */
  noticeAccessRules(): void {
    for (const { model_id: id, perm_read: read } of this.#database.rows('ir.model.access')) {
      const model = typeof id === 'number' ? textOf(this.#database.get('ir.model', id).model) : '';
      if (read === true) this.#rights.showAfter(model, NOTICED_AFTER);
    }
  }
}

const TYPES = ['char', 'html', 'integer', 'float', 'date', 'datetime', 'boolean', 'many2one'] as const;

function fieldOf(values: JsonObject): Field {
  const type = TYPES.find((known) => known === values.ttype);
  if (type === undefined)
    throw validationError(`Wrong value for ir.model.fields.ttype: ${JSON.stringify(values.ttype)}`);
  const model = textOf(values.relation);
  if (type === 'many2one' && model === '') throw validationError('Many2one fields need a related model.');
  return { type, label: textOf(values.field_description), ...(model !== '' && { model }) };
}

function reading(on: Method['on'], params: readonly string[], needed: number, run: Method['run']): Method {
  return { on, params, needed, writes: false, run };
}

function writing(on: Method['on'], params: readonly string[], needed: number, run: Method['run']): Method {
  return { on, params, needed, writes: true, run };
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(String) : [];
}

function limited<T>(rows: readonly T[], limit: JsonValue | undefined): readonly T[] {
  return typeof limit === 'number' ? rows.slice(0, limit) : rows;
}
