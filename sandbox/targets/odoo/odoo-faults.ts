import type { JsonValue } from '../../http/json.ts';
import type { Reply } from '../../http/loopback-server.ts';
import type { StandInFaults } from '../target-stand-in.ts';
import type { OdooDatabase } from './odoo-database.ts';
import { OdooException, valueError } from './odoo-exception.ts';
import { type ImportedRecord, RowProblem } from './odoo-load.ts';
import { KIND_MODELS, keyOf } from './odoo-records.ts';
import type { OdooRights } from './odoo-rights.ts';

/** A field of each kind that an upgrade or an administrator may take away. */
const OPTIONAL_FIELDS: Readonly<Record<string, string>> = {
  'crm.lead': 'date_deadline',
  x_insurance_policy: 'x_payment_schedule',
  'sale.order': 'note',
  'account.move': 'payment_reference',
  'project.task': 'description',
  'mail.message': 'date',
};

type Effect = 'cut after commit' | 'server error' | Reply;

/** What goes wrong, in the words of the server or of the proxy before it. */
export class OdooFaults {
  /** For the next requests that write, one after the other. */
  readonly #waiting: Effect[] = [];
  #locks = 0;
  #isRevoked = false;
  #isCountryGone = false;
  readonly #refusedKeys = new Set<string>();
  readonly #goneFields = new Map<string, string>();
  readonly #database: OdooDatabase;
  readonly #rights: OdooRights;

  constructor(database: OdooDatabase, rights: OdooRights) {
    this.#database = database;
    this.#rights = rights;
  }

  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /** What the next writing request meets. */
  take(): Effect | undefined {
    return this.#waiting.shift();
  }

  takeLock(): boolean {
    if (this.#locks === 0) return false;
    this.#locks -= 1;
    return true;
  }

  checkColumns(model: string, columns: readonly string[]): void {
    const gone = columns.find((column) => this.#goneFields.get(column.split('/')[0] ?? '') === model);
    if (gone !== undefined) throw valueError(`Invalid field name '${gone}'`);
  }

  checkRecord(model: string, { externalId = '', values }: Pick<ImportedRecord, 'externalId' | 'values'>): void {
    if (this.#refusedKeys.has(keyOf(externalId))) throw new RowProblem('A rule of this company forbids the record.');
    if (model === 'res.partner' && this.#isCountryGone && typeof values.country_id === 'number') {
      throw new RowProblem("No matching record found for name 'US' in field 'Country'", 'country_id');
    }
  }

  get all(): StandInFaults {
    return {
      cutAfterCommit: (times = 1) => this.#add('cut after commit', times),
      answerWith: ({ status, headers = {}, body = '' }, times = 1) => this.#add({ status, headers, text: body }, times),
      throttle: (seconds, times = 1) => {
        const headers = {
          'content-type': 'text/html',
          ...(seconds !== undefined && { 'retry-after': String(seconds) }),
        };
        this.#add({ status: 429, headers, text: '<html><body><h1>429 Too Many Requests</h1></body></html>' }, times);
      },
      serverError: (times = 1) => this.#add('server error', times),
      lock: (times = 1) => {
        this.#locks += times;
      },
      expireTokens: () => {
        this.#isRevoked = true;
      },
      revokeCredentials: () => {
        this.#isRevoked = true;
      },
      restoreCredentials: () => {
        this.#isRevoked = false;
      },
      forbid: (kind) => {
        for (const model of KIND_MODELS[kind] ?? []) this.#rights.forbidWriting(model);
      },
      refuseRecord: (key) => void this.#refusedKeys.add(key),
      refuseField: (kind) => this.#refuseField(kind),
    };
  }

  #refuseField(kind: string): string {
    if (kind === 'party') {
      this.#isCountryGone = true;
      return 'country_id';
    }
    const model = (KIND_MODELS[kind] ?? []).find((one) => this.#database.has(one)) ?? '';
    const field = OPTIONAL_FIELDS[model];
    if (field === undefined) throw new Error(`Odoo could do without no field of ${kind}.`);
    this.#goneFields.set(field, model);
    return field;
  }

  #add(effect: Effect, times: number): void {
    for (let time = 0; time < times; time += 1) this.#waiting.push(effect);
  }
}

/** The database server went away for a moment. */
export const SERVER_ERROR = new OdooException(
  500,
  'psycopg2.OperationalError',
  'server closed the connection unexpectedly',
);

/** The body of an exception; the server's traceback names its files, and a careful client keeps nothing of it. */
export function exceptionBody({ pythonName, message }: OdooException): Readonly<Record<string, JsonValue>> {
  const debug = `Traceback (most recent call last):\n  File "/usr/lib/odoo/http.py", line 2167\n${pythonName}: ${message}`;
  return { name: pythonName, message, arguments: [message], context: {}, debug };
}
