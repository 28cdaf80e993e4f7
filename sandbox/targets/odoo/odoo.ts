import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../http/json.ts';
import { isObject, objectOf, tryParseJson } from '../../http/json.ts';
import { jsonListener, listenOnLoopback, type ReceivedRequest, type Reply } from '../../http/loopback-server.ts';
import type { StandInOptions, StandInRequest, TargetStandIn } from '../target-stand-in.ts';
import { OdooAccounting } from './odoo-accounting.ts';
import { OdooDatabase } from './odoo-database.ts';
import { OdooException } from './odoo-exception.ts';
import { exceptionBody, OdooFaults, SERVER_ERROR } from './odoo-faults.ts';
import { OdooImporter } from './odoo-importer.ts';
import { type Call, OdooMethods } from './odoo-methods.ts';
import type { App } from './odoo-models.ts';
import { keyOf, standInRecords } from './odoo-records.ts';
import { OdooRights } from './odoo-rights.ts';
import { seed, USER } from './odoo-seed.ts';

export interface OdooOptions extends StandInOptions {
  /** 19 speaks JSON-2 and 17 only JSON-RPC; default 19. */
  readonly version?: 17 | 19;
  /** The apps that are installed; default: all that the connector can use. */
  readonly apps?: readonly App[];
  /** Whether the user may create models, fields and access rules; default: yes. */
  readonly maySetUp?: boolean;
  /** Whether the bank journal names the account of payments on their way; default: yes. */
  readonly outstandingAccount?: boolean;
  /** The setting of the same name. */
  readonly posting?: 'draft' | 'post';
}

export interface OdooStandIn extends TargetStandIn {
  readonly database: OdooDatabase;
  readonly accounting: OdooAccounting;
}

const DATABASE = 'insurer';
const LOGIN = 'sync@example.com';
const ALL_APPS: readonly App[] = ['crm', 'account', 'sale', 'project'];

/** Odoo Community with one database, as Odoo's documentation and the recordings describe it. Emulated. */
export async function startOdoo(options: OdooOptions = {}): Promise<OdooStandIn> {
  const { version = 19, apps = ALL_APPS, maySetUp = true, outstandingAccount = true, now = Date.now } = options;
  const database = new OdooDatabase(version, apps);
  seed(database, outstandingAccount);
  const accounting = new OdooAccounting(database);
  const rights = new OdooRights(database, maySetUp);
  const faults = new OdooFaults(database, rights);
  const importer = new OdooImporter(database, accounting, faults, rights);
  const methods = new OdooMethods({ database, accounting, importer, rights });
  const server = new OdooServer(version, faults, methods);
  const requests: StandInRequest[] = [];
  const { url, host, close } = await listenOnLoopback(
    jsonListener(async (request) => {
      const atMs = now();
      const reply = await server.answer(request);
      const { method, path } = request;
      requests.push({ method, path, atMs, status: reply === 'hang-up' ? 'cut' : reply.status });
      options.onChange?.();
      return reply;
    }),
  );
  return {
    id: 'odoo',
    hosts: [host],
    settings: {
      'api-url': url,
      'api-token': server.apiKey,
      account: DATABASE,
      ...(version < 19 && { username: LOGIN }),
      ...(options.posting && { posting: options.posting }),
    },
    database,
    accounting,
    faults: faults.all,
    records: () => standInRecords(database, accounting),
    requests: () => requests,
    deleteRecord: (key) => {
      for (const [name, { model, id }] of database.externalIds) if (keyOf(name) === key) database.unlink(model, id);
    },
    close,
  };
}

/** What was called, over either transport, and how its answer is wrapped. */
interface Received {
  readonly call: Call;
  readonly hasIds: boolean;
  wrap(result: JsonValue): Reply;
}

class OdooServer {
  readonly apiKey = randomBytes(20).toString('hex');
  readonly #version: number;
  readonly #faults: OdooFaults;
  readonly #methods: OdooMethods;

  constructor(version: number, faults: OdooFaults, methods: OdooMethods) {
    this.#version = version;
    this.#faults = faults;
    this.#methods = methods;
  }

  async answer(request: ReceivedRequest): Promise<Reply | 'hang-up'> {
    if (request.path === '/jsonrpc' && request.method === 'POST') return this.#jsonRpc(request);
    if (this.#version >= 19 && request.path === '/web/version' && request.method === 'GET') {
      return { status: 200, body: { version_info: [19, 0, 0, 'final', 0, ''], version: '19.0' } };
    }
    const [, json, two, model = '', method = ''] = request.path.split('/');
    if (this.#version >= 19 && json === 'json' && two === '2') return this.#json2(request, model, method);
    return page('Not Found', 'The requested URL was not found on the server.');
  }

  #json2(request: ReceivedRequest, model: string, method: string): Promise<Reply | 'hang-up'> {
    const wrapError = (error: OdooException): Reply => ({ status: error.status, body: exceptionBody(error) });
    return this.#answered(wrapError, model, method, () => {
      const { headers, body } = request;
      const database = headers['x-odoo-database'];
      if (database !== undefined && database !== DATABASE) return NO_DATABASE;
      if (headers.authorization === undefined) throw unauthorized(NO_KEY);
      const key = /^bearer (.+)$/i.exec(headers.authorization)?.[1];
      if (key !== this.apiKey || this.#faults.isRevoked) throw unauthorized('Invalid apikey');
      if (request.method !== 'POST')
        throw new OdooException(404, 'werkzeug.exceptions.NotFound', `Did you mean POST ${request.path}?`);
      const json = tryParseJson(body);
      if (!isObject(json)) {
        throw new OdooException(
          400,
          'werkzeug.exceptions.BadRequest',
          'could not parse the body as json: Expecting value',
        );
      }
      const { ids, context, ...args } = json;
      const call = { model, method, ids: numbersOf(ids), args, context: objectOf(context) };
      return { call, hasIds: ids !== undefined, wrap: (result) => ({ status: 200, body: result }) };
    });
  }

  #jsonRpc({ body }: ReceivedRequest): Promise<Reply | 'hang-up'> {
    const json = objectOf(tryParseJson(body));
    const { service, method: procedure, args = [] } = objectOf(json.params);
    const places = Array.isArray(args) ? (args as readonly JsonValue[]) : [];
    const [database, uid, key, model = '', method = '', positional = [], named = {}] = places;
    const envelope = { jsonrpc: '2.0', id: json.id ?? null };
    const wrap = (result: JsonValue): Reply => ({ status: 200, body: { ...envelope, result } });
    const wrapError = (error: OdooException): Reply => {
      const { name, message, ...rest } = exceptionBody(error);
      return {
        status: 200,
        body: {
          ...envelope,
          error: {
            code: 200,
            message: 'Odoo Server Error',
            data: { name: name ?? '', message: message ?? '', ...rest },
          },
        },
      };
    };
    return this.#answered(wrapError, String(model), String(method), () => {
      if (service === 'common' && procedure === 'version') return wrap(versionOf(this.#version));
      if (database !== DATABASE) {
        throw new OdooException(
          500,
          'psycopg2.OperationalError',
          `FATAL:  database "${String(database)}" does not exist`,
        );
      }
      if (service === 'common' && procedure === 'authenticate') {
        const [, login, given] = places;
        return wrap(login === LOGIN && given === this.apiKey && !this.#faults.isRevoked ? USER : false);
      }
      if (uid !== USER || key !== this.apiKey || this.#faults.isRevoked) {
        throw new OdooException(403, 'odoo.exceptions.AccessDenied', 'Access Denied');
      }
      return { ...this.#placed(String(model), String(method), positional, objectOf(named)), wrap };
    });
  }

  /** Arguments by place become arguments by name. */
  #placed(model: string, method: string, positional: JsonValue, named: JsonObject): Omit<Received, 'wrap'> {
    const { on, params } = this.#methods.find(model, method);
    const places = Array.isArray(positional) ? [...(positional as readonly JsonValue[])] : [];
    const ids = on === 'records' ? numbersOf(places.shift()) : [];
    const { context, ...options } = named;
    const args = Object.fromEntries(places.map((value, index) => [params[index] ?? `argument ${index}`, value]));
    return {
      call: { model, method, ids, args: { ...args, ...options }, context: objectOf(context) },
      hasIds: on === 'records',
    };
  }

  /** Every call is one transaction; what goes wrong on request goes wrong with calls that write. */
  async #answered(
    wrapError: (error: OdooException) => Reply,
    model: string,
    method: string,
    receive: () => Received | Reply,
  ): Promise<Reply | 'hang-up'> {
    try {
      const received = receive();
      if (!('call' in received)) return received;
      const effect = this.#methods.writes(model, method) ? this.#faults.take() : undefined;
      if (effect === 'server error') throw SERVER_ERROR;
      if (effect !== undefined && effect !== 'cut after commit') return effect;
      const result = await this.#methods.run(received.call, received.hasIds);
      if (model === 'ir.model.access') this.#methods.noticeAccessRules();
      return effect === undefined ? received.wrap(result) : 'hang-up';
    } catch (error) {
      if (error instanceof OdooException) return wrapError(error);
      throw error;
    }
  }
}

const NO_KEY = 'User not authenticated, use an API Key with a Bearer Authorization header.';

function unauthorized(message: string): OdooException {
  return new OdooException(401, 'werkzeug.exceptions.Unauthorized', message);
}

function page(title: string, text: string): Reply {
  const html = `<!DOCTYPE html>\n<title>404 ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`;
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, text: html };
}

const NO_DATABASE = page(
  'Not Found',
  'No database is selected and the requested URL was not found in the server-wide controllers.',
);

function versionOf(major: number): JsonObject {
  const serie = `${major}.0`;
  return {
    server_version: serie,
    server_version_info: [major, 0, 0, 'final', 0, ''],
    server_serie: serie,
    protocol_version: 1,
  };
}

function numbersOf(value: JsonValue | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter((id) => typeof id === 'number') : [];
}
