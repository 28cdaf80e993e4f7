import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { isObject, objectsOf, textOf, tryParseJson, type JsonObject, type JsonValue } from '../../http/json.ts';
import type { ReceivedRequest, Reply } from '../../http/loopback-server.ts';
import { description, type ObjectDefinition, type OrgOptions, statusRows } from './org-metadata.ts';
import { isReadable, type OrgStore, type RowResult } from './org-store.ts';

export const BASE = '/services/data/v67.0';
/** Every collection goes here; reads do not. */
export const WRITES = `${BASE}/composite/sobjects/`;

const KEY = 'Socotra_Key__c';
const MOST_ROWS = 200;
const PERSON_TYPE_ID = '012000000PERSONAAA';

export interface Org {
  readonly id: string;
  readonly options: OrgOptions;
  readonly objects: ReadonlyMap<string, ObjectDefinition>;
  readonly store: OrgStore;
  /** Keys of accounts under which somebody is writing at this moment. */
  readonly lockedParents: Set<string>;
  /** Of the last 24 hours. */
  readonly calls: () => number;
}

/** Calls that the org may make in 24 hours. */
export const ALLOWANCE = 100_000;

/** The few resources of the REST API that the app uses, and no other. */
export async function answerRest(org: Org, request: ReceivedRequest): Promise<Reply> {
  const { method, path } = request;
  if (path.startsWith('/services/data/') && !path.startsWith(`${BASE}/`)) return notFound();
  const rest = path.slice(BASE.length);
  if (method === 'GET' && rest === '/limits') return limits(org);
  if (method === 'GET' && rest === '/query') return query(org, request.query.get('q') ?? '');
  const described = /^\/sobjects\/(\w+)\/describe$/.exec(rest)?.[1];
  if (method === 'GET' && described !== undefined) return describe(org, described);
  const [, object = '', field] = /^\/composite\/sobjects\/(\w+)\/(\w+)$/.exec(rest) ?? [];
  if (field !== undefined) {
    return method === 'PATCH'
      ? upsert(org, object, field, request)
      : failed(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are PATCH`);
  }
  return notFound();
}

export function failed(status: number, errorCode: string, message: string, headers = {}): Reply {
  return { status, body: [{ message, errorCode }], headers };
}

function notFound(): Reply {
  return failed(404, 'NOT_FOUND', 'The requested resource does not exist');
}

function limits({ calls }: Org): Reply {
  return { status: 200, body: { DailyApiRequests: { Max: ALLOWANCE, Remaining: ALLOWANCE - calls() } } };
}

function describe({ objects }: Org, name: string): Reply {
  const object = objects.get(name);
  return object === undefined ? notFound() : { status: 200, body: description(name, object) };
}

async function upsert(org: Org, name: string, field: string, request: ReceivedRequest): Promise<Reply> {
  const object = org.objects.get(name);
  if (object === undefined) return notFound();
  if (object.get(field)?.isKey !== true || field !== KEY) {
    return failed(
      400,
      'INVALID_FIELD',
      `Field name provided, ${field} is not an External ID or indexed field for ${name}`,
    );
  }
  const body = tryParseJson(request.body);
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  if (!isJson || !isObject(body)) return failed(400, 'JSON_PARSER_ERROR', 'Unexpected character at [line:1, column:1]');
  const { allOrNone, records, ...unknown } = body;
  const rows = objectsOf(records);
  if (Object.keys(unknown).length > 0 || allOrNone !== false || rows.length === 0) {
    return failed(400, 'JSON_PARSER_ERROR', 'Unrecognized or missing member at [line:1, column:2]');
  }
  if (rows.length > MOST_ROWS) {
    return failed(
      400,
      'EXCEEDED_ID_LIMIT',
      'record limit reached. cannot submit more than 200 records in this request',
    );
  }
  const bad = rows.flatMap((row) => unreadable(name, object, row)).at(0);
  if (bad !== undefined) return failed(400, 'JSON_PARSER_ERROR', bad);
  return { status: 200, body: (await writeRows(org, name, rows)).map(asJson) };
}

/** Looks, and writes a moment later: in between somebody else may write, as on a server with many threads. */
async function writeRows(org: Org, name: string, rows: readonly JsonObject[]): Promise<readonly RowResult[]> {
  const { store, options, lockedParents } = org;
  const parents = options.locksParents ? rows.map((row) => accountKeyOf(name, row)) : [];
  const isLocked = rows.map((_row, index) => lockedParents.has(parents[index] ?? ''));
  const mine = parents.filter((parent) => parent !== '' && !lockedParents.has(parent));
  for (const parent of mine) lockedParents.add(parent);
  const matched = store.match(
    name,
    rows.filter((_row, index) => !isLocked[index]),
  );
  await (options.locksParents ? sleep(LONG_WRITE_MS) : nextTurn());
  const written = [...store.commit(name, matched)];
  for (const parent of mine) lockedParents.delete(parent);
  return isLocked.flatMap((locked) => (locked ? LOCKED : (written.shift() ?? [])));
}

const LONG_WRITE_MS = 30;

const LOCKED: RowResult = {
  success: false,
  errors: [
    {
      statusCode: 'UNABLE_TO_LOCK_ROW',
      message: 'unable to obtain exclusive access to this record or 1 records: 001000000000001AAA',
      fields: [],
    },
  ],
};

/** The account under which a row is written, by its key; empty where there is none. */
function accountKeyOf(name: string, row: JsonObject): string {
  if (name === 'Account') return textOf(row[KEY]);
  const parent = [row.Account, row.Account__r, row.NameInsured].find(isObject);
  return textOf(parent?.[KEY]);
}

function asJson(result: RowResult): JsonValue {
  return { ...result, errors: result.errors.map((error) => ({ ...error })) };
}

function unreadable(name: string, object: ObjectDefinition, row: JsonObject): string[] {
  if (!isObject(row.attributes) || row.attributes.type !== name) return ['Record type does not match the resource'];
  if (textOf(row[KEY]) === '') return [`${KEY} not specified`];
  return Object.entries(row)
    .filter(([field, value]) => !isReadable(object.get(field), value))
    .map(([field]) => `Cannot deserialize instance of ${object.get(field)?.type} from a value of ${field}`);
}

/** The questions that the app asks; anything else is not understood. */
function query({ id: orgId, objects, store, options }: Org, soql: string): Reply {
  const rows = (records: readonly JsonObject[]): Reply => {
    return { status: 200, body: { totalSize: records.length, done: true, records } };
  };
  const [, status] =
    /^SELECT ApiName, IsClosed(?:, IsWon)? FROM (\w+)(?: WHERE IsActive = true)? ORDER BY SortOrder$/.exec(soql) ?? [];
  if (status !== undefined) return rows(statusRows(status, options.flavour).map((row) => ({ ...row })));
  const [, columns = '', object = '', list] =
    /^SELECT Id, Socotra_Key__c((?:, \w+)*) FROM (\w+) WHERE Socotra_Key__c IN \(([^)]*)\)$/.exec(soql) ?? [];
  if (list !== undefined && objects.get(object)?.has(KEY) === true) {
    const fields = columns.split(', ').slice(1);
    const unknown = fields.find((field) => objects.get(object)?.has(field) !== true);
    if (unknown !== undefined) return failed(400, 'INVALID_FIELD', `No such column '${unknown}' on entity '${object}'`);
    const keys = [...list.matchAll(/'([^']*)'/g)].map(([, key]) => key);
    const found = store.records.filter(
      (record) => record.object === object && keys.includes(textOf(record.fields[KEY])),
    );
    return rows(
      found.map((record) => ({
        Id: record.id,
        [KEY]: textOf(record.fields[KEY]),
        ...Object.fromEntries(fields.map((field) => [field, record.fields[field] ?? null])),
      })),
    );
  }
  if (soql === 'SELECT Id FROM Organization') return rows([{ Id: orgId }]);
  const isPersonType = /^SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true/.test(soql);
  if (isPersonType && options.personAccounts) return rows([{ Id: PERSON_TYPE_ID }]);
  return failed(400, 'MALFORMED_QUERY', 'unexpected token');
}
