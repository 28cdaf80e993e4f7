import type { OdooDatabase } from './odoo-database.ts';
import { accessError } from './odoo-exception.ts';

/** What administrators alone may do. */
const SETTINGS_MODELS = new Set(['ir.model', 'ir.model.fields', 'ir.model.access']);

/** What the user of the API key may do. */
export class OdooRights {
  readonly #database: OdooDatabase;
  readonly #maySetUp: boolean;
  readonly #unwritable = new Set<string>();
  /** Models without an access rule, with the number of requests until the server has noticed the new one. */
  readonly #unseen = new Map<string, number>();

  constructor(database: OdooDatabase, maySetUp: boolean) {
    this.#database = database;
    this.#maySetUp = maySetUp;
  }

  forbidWriting(model: string): void {
    this.#unwritable.add(model);
  }

  /** A custom model is seen by nobody until it has an access rule, and then not at once. */
  hide(model: string): void {
    this.#unseen.set(model, Infinity);
  }

  showAfter(model: string, requests: number): void {
    if (this.#unseen.has(model)) this.#unseen.set(model, requests);
  }

  /** @throws {OdooException} */
  check(model: string, operation: 'read' | 'create' | 'modify' | 'delete'): void {
    const { label } = this.#database.model(model);
    const left = this.#unseen.get(model);
    if (left !== undefined && left > 0) this.#unseen.set(model, left - 1);
    const isUnseen = left !== undefined && left > 0;
    const isSetUp = SETTINGS_MODELS.has(model) && operation !== 'read' && !this.#maySetUp;
    const isUnwritable = operation !== 'read' && this.#unwritable.has(model);
    if (!isUnseen && !isSetUp && !isUnwritable) return;
    const verb = operation === 'read' ? 'access' : operation;
    throw accessError(
      `You are not allowed to ${verb} '${label}' (${model}) records.\n\nContact your administrator to request access if necessary.`,
    );
  }
}
