import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../../http/json.ts';
import { type OdooAccounting } from './odoo-accounting.ts';
import type { OdooDatabase, Row } from './odoo-database.ts';
import { OdooException } from './odoo-exception.ts';
import type { OdooFaults } from './odoo-faults.ts';
import { convertRecord, type ImportedRecord, messageOf, recordsIn, RowProblem } from './odoo-load.ts';
import type { OdooRights } from './odoo-rights.ts';
import { FALLBACK_OUTSTANDING, outstandingAccountOf, SALES_TAX } from './odoo-seed.ts';

/** How long a transaction that creates records is open, so that others meet it; the real one takes 40 ms. */
const TRANSACTION_MS = 10;
const SERIALIZATION = 'could not serialize access due to concurrent update';

type Values = Readonly<Record<string, JsonValue>>;

/** The method `load`: all rows or none, one record per external id, whoever comes at the same time. */
export class OdooImporter {
  readonly #database: OdooDatabase;
  readonly #accounting: OdooAccounting;
  readonly #faults: OdooFaults;
  readonly #rights: OdooRights;
  /** External ids that a transaction is creating right now. */
  readonly #beingCreated = new Set<string>();

  constructor(database: OdooDatabase, accounting: OdooAccounting, faults: OdooFaults, rights: OdooRights) {
    this.#database = database;
    this.#accounting = accounting;
    this.#faults = faults;
    this.#rights = rights;
  }

  async load(model: string, columns: readonly string[], data: readonly (readonly JsonValue[])[]): Promise<JsonObject> {
    const raw = recordsIn(this.#database, model, columns, data);
    this.#faults.checkColumns(model, columns);
    const everyone = raw.map(({ index, rows }) => ({ index, rows }));
    if (this.#faults.takeLock()) return refused(everyone.slice(0, 1).map((record) => messageOf(record, SERIALIZATION)));
    const news = raw
      .map(({ cells }) => String(cells[0]?.get('id') ?? ''))
      .filter((id) => !this.#database.externalIds.has(id));
    if (news.some((id) => this.#beingCreated.has(id))) {
      return refused(everyone.slice(0, 1).map((record) => messageOf(record, SERIALIZATION)));
    }
    for (const id of news) this.#beingCreated.add(id);
    try {
      if (news.length > 0) await sleep(TRANSACTION_MS);
      return this.#database.transaction(
        () => this.#loadAll(model, raw),
        (answer) => answer.ids !== false,
      );
    } finally {
      for (const id of news) this.#beingCreated.delete(id);
    }
  }

  #loadAll(model: string, raw: ReturnType<typeof recordsIn>): JsonObject {
    const [ids, messages]: [number[], JsonObject[]] = [[], []];
    for (const { index, rows, cells } of raw) {
      try {
        const record = { index, rows, ...convertRecord(this.#database, model, cells) };
        this.#faults.checkRecord(model, record);
        ids.push(this.#save(model, record));
      } catch (error) {
        if (error instanceof RowProblem) messages.push(messageOf({ index, rows }, error.message, error.field));
        // Odoo 17 shows the message as Python writes a text.
        else if (error instanceof OdooException && error.status < 500)
          messages.push(messageOf({ index, rows }, this.#worded(error)));
        else throw error;
      }
    }
    return messages.length > 0 ? refused(messages) : { ids, messages: [], nextrow: 0 };
  }

  #worded({ message }: OdooException): string {
    const text = message.replace(/^The operation cannot be completed: /, '');
    return this.#database.major >= 19 ? text : `'${text}'`.replace(/^'(You )/, '$1');
  }

  #save(model: string, record: ImportedRecord): number {
    const known = this.#target(model, record.externalId);
    this.#rights.check(model, known === undefined ? 'create' : 'modify');
    const touched = [...Object.keys(record.values), ...record.lines.keys()];
    if (model === 'account.move') this.#accounting.checkFrozen(known, touched);
    const values = this.#completed(model, known, record.values);
    const id = known === undefined ? this.#database.create(model, values).id : known.id;
    if (known !== undefined) this.#database.write(model, id, values);
    this.#name(model, record.externalId, id);
    for (const [field, lines] of record.lines) {
      const { model: lineModel = '', inverse = '' } = this.#database.field(model, field);
      for (const line of lines) this.#saveLine(lineModel, line.externalId, { ...line.values, [inverse]: id });
    }
    if (model === 'account.move') this.#accounting.addUp(id);
    return id;
  }

  /** A line without an external id is a new one every time. */
  #saveLine(model: string, externalId: string | undefined, values: Values): void {
    const known = this.#target(model, externalId);
    if (known !== undefined) return this.#database.write(model, known.id, values);
    const isTaxed = model === 'account.move.line' && values.tax_ids === undefined;
    const { id } = this.#database.create(model, { ...(isTaxed && { tax_ids: [SALES_TAX] }), ...values });
    this.#name(model, externalId, id);
  }

  #target(model: string, externalId: string | undefined): Row | undefined {
    const target = externalId === undefined ? undefined : this.#database.externalIds.get(externalId);
    if (target === undefined) return undefined;
    if (target.model === model) return this.#database.get(model, target.id);
    throw new RowProblem(
      `For external id ${String(externalId)} when trying to create/update a record of model ${model} found record of different model ${target.model}`,
    );
  }

  #name(model: string, externalId: string | undefined, id: number): void {
    if (externalId !== undefined) this.#database.externalIds.set(externalId, { model, id });
  }

  /** Defaults of a new record, and what follows from what is written. */
  #completed(model: string, known: Row | undefined, values: Values): Values {
    const isNew = known === undefined;
    switch (model) {
      case 'account.move': {
        const blank = { state: 'draft', move_type: 'entry', payment_state: 'not_paid', currency_id: 1 };
        return isNew ? { ...blank, ...values } : values;
      }
      case 'account.payment': {
        const { journal_id: journal, payment_type: type = known?.payment_type } = values;
        const own = journal === undefined ? undefined : outstandingAccountOf(this.#database, journal, type);
        if (isNew)
          return { state: 'draft', currency_id: 1, ...values, outstanding_account_id: own || FALLBACK_OUTSTANDING };
        return { ...values, ...(own !== undefined && { outstanding_account_id: own }) };
      }
      case 'res.partner':
        return { ...values, ...('company_type' in values && { is_company: values.company_type === 'company' }) };
      case 'crm.lead':
        return isNew ? { type: 'lead', probability: 10, ...values } : values;
      case 'sale.order':
        return isNew ? { state: 'draft', ...values } : values;
      case 'project.task':
        return isNew ? { state: '01_in_progress', ...values } : values;
      case 'mail.message': {
        const { model: about, res_id: id } = { ...known, ...values };
        if (typeof about === 'string' && typeof id === 'number') this.#database.get(about, id);
        return values;
      }
      default:
        return values;
    }
  }
}

function refused(messages: readonly JsonObject[]): JsonObject {
  return { ids: false, messages, nextrow: 0 };
}
