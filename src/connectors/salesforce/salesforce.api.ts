import type { HttpRequest } from '../../http/exchange.js';
import type { RecordKey } from '../../records/record-key.js';
import type { Asked, Target, TargetResponse } from '../connector.js';
import { type JsonObject, listOf, objectOf, objectsOf, parseJson } from '../kit/json.js';
import { authorizedRequest } from '../kit/authorized-request.js';
import { failureOf } from './salesforce.classify.js';
import { type Json, jsonText } from './salesforce.json.js';
import { KEY_FIELD } from './objects/own-fields.js';
import type { ObjectName } from './salesforce.objects.js';
import { addressOf, clientOf } from './salesforce.settings.js';

/** Summer '26. Each version is served for at least three years and answers 410 afterwards. */
export const API_VERSION = '67.0';

/** Keys asked for at a time, so that the address stays shorter than servers take. */
const KEYS_PER_QUERY = 100;

/** Records of one object in one request; the most that Salesforce takes. */
export const MOST_ROWS = 200;

/** The rows of one object, upserted by our key; each row succeeds or fails by itself. */
export function upsertRows(target: Target, object: ObjectName, rows: readonly Json[]): Promise<Asked<TargetResponse>> {
  const body = jsonText({ allOrNone: false, records: rows });
  return send(target, 'PATCH', `/composite/sobjects/${object}/${KEY_FIELD}`, body);
}

/** The remaining allowance of the org: the cheapest question that proves the token. */
export function askLimits(target: Target): Promise<Asked<unknown>> {
  return ask(target, '/limits');
}

/**
 * The object as the integration user sees it; null: there is none for it. Only in Salesforce's own words: a page of something
 * before it would turn an org with Financial Services Cloud into one without, and its policies would stand there twice.
 */
export async function describe(target: Target, object: ObjectName): Promise<Asked<unknown>> {
  const described = await ask(target, `/sobjects/${object}/describe`);
  return !described.ok && described.failure.code === 'not_found' ? { ok: true, value: null } : described;
}

/** The rows of a query that is known to have few; further pages are not read. */
export async function query(target: Target, soql: string): Promise<Asked<readonly unknown[]>> {
  const asked = await ask(target, `/query?q=${encodeURIComponent(soql)}`);
  return asked.ok ? { ok: true, value: listOf(objectOf(asked.value).records) } : asked;
}

/** The Salesforce ids of the records of an object with these keys, as far as there are any. */
export async function idsByKey(
  target: Target,
  object: ObjectName,
  keys: readonly RecordKey[],
): Promise<Asked<ReadonlyMap<string, string>>> {
  const rows = await rowsByKey(target, object, keys);
  if (!rows.ok) return rows;
  const ids = [...rows.value].flatMap(([key, { Id: id }]): [string, string][] => {
    return typeof id === 'string' ? [[key, id]] : [];
  });
  return { ok: true, value: new Map(ids) };
}

/** The records of an object with these keys, as far as there are any, with their ids and these fields. */
export async function rowsByKey(
  target: Target,
  object: ObjectName,
  keys: readonly RecordKey[],
  fields: readonly string[] = [],
): Promise<Asked<ReadonlyMap<string, JsonObject>>> {
  const found = new Map<string, JsonObject>();
  const columns = ['Id', KEY_FIELD, ...fields].join(', ');
  for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
    // Keys consist of letters, digits, `_` and `-`: nothing in them could end the text.
    const list = keys.slice(start, start + KEYS_PER_QUERY).map((key) => `'${key}'`);
    const rows = await query(target, `SELECT ${columns} FROM ${object} WHERE ${KEY_FIELD} IN (${list.join()})`);
    if (!rows.ok) return rows;
    for (const row of objectsOf(rows.value)) {
      const { [KEY_FIELD]: key } = row;
      if (typeof key === 'string') found.set(key, row);
    }
  }
  return { ok: true, value: found };
}

async function ask(target: Target, path: string): Promise<Asked<unknown>> {
  return judged(await send(target, 'GET', path), target);
}

function judged(sent: Asked<TargetResponse>, target: Target): Asked<unknown> {
  if (!sent.ok) return sent;
  const failure = failureOf(sent.value, target.now());
  if (failure !== undefined) return { ok: false, failure };
  return { ok: true, value: sent.value.kind === 'answer' ? parseJson(sent.value.body) : undefined };
}

/** One exchange with the org that the token is for; its address may differ from the one that was set. */
function send(
  target: Target,
  method: HttpRequest['method'],
  path: string,
  body?: string,
): Promise<Asked<TargetResponse>> {
  const credentials = { way: 'oauth', client: clientOf(target.settings) } as const;
  return authorizedRequest(target, credentials, ({ headers, instanceUrl }) => ({
    method,
    url: `${instanceUrl ?? addressOf(target.settings)}/services/data/v${API_VERSION}${path}`,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  }));
}
