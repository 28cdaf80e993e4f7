import { isObject, objectOf, objectsOf, tryParseJson, type JsonObject, type JsonValue } from '../http/json.ts';

export interface OdooLogin {
  /** `https://host`, without a path. */
  readonly url: string;
  readonly database: string;
  readonly key: string;
  /** Needed before Odoo 19. */
  readonly user?: string;
}

/** What the checks themselves ask of a real server; the connector under test has its own client. */
export interface OdooClient {
  /** @param args in the order in which the method takes them. @throws {Error} without quoting the server */
  call(
    model: string,
    method: string,
    ids: readonly number[] | undefined,
    args?: JsonObject,
    named?: JsonObject,
  ): Promise<JsonValue>;
  searchRead(
    model: string,
    domain: JsonValue,
    fields: readonly string[],
    named?: JsonObject,
  ): Promise<readonly JsonObject[]>;
}

export async function openOdooClient(login: OdooLogin): Promise<OdooClient> {
  const hasJson2 = (await fetch(`${login.url}/web/version`)).ok;
  const call = hasJson2 ? json2Call(login) : await rpcCall(login);
  return {
    call,
    searchRead: async (model, domain, fields, named = {}) => {
      return objectsOf(await call(model, 'search_read', undefined, { domain }, { fields, ...named }));
    },
  };
}

function json2Call({ url, database, key }: OdooLogin): OdooClient['call'] {
  const headers = { authorization: `bearer ${key}`, 'x-odoo-database': database };
  return async (model, method, ids, args = {}, named = {}) => {
    const body = { ...(ids && { ids }), ...args, ...named };
    const answer = await post(`${url}/json/2/${model}/${method}`, body, headers);
    if (!answer.isGood) throw new Error(`${model}.${method} was refused with ${answer.status}.`);
    return answer.json ?? null;
  };
}

async function rpcCall({ url, database, key, user = '' }: OdooLogin): Promise<OdooClient['call']> {
  const rpc = async (service: string, method: string, args: readonly JsonValue[]): Promise<JsonValue> => {
    const params = { service, method, args };
    const { json } = await post(`${url}/jsonrpc`, { jsonrpc: '2.0', method: 'call', id: 1, params }, {});
    if (!isObject(json) || json.error !== undefined) throw new Error(`${service}.${method} was refused.`);
    return json.result ?? null;
  };
  const uid = await rpc('common', 'authenticate', [database, user, key, {}]);
  if (typeof uid !== 'number') throw new Error('The server refuses the user or the key.');
  return (model, method, ids, args = {}, named = {}) => {
    const places = [...(ids ? [ids] : []), ...Object.values(args)];
    return rpc('object', 'execute_kw', [database, uid, key, model, method, places, named]);
  };
}

async function post(url: string, body: JsonObject, headers: Readonly<Record<string, string>>) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { isGood: response.ok, status: response.status, json: tryParseJson(await response.text()) };
}

/** The external ids of records, by database id. */
export async function externalIdsOf(
  client: OdooClient,
  model: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const names = objectOf(await client.call(model, 'get_external_id', ids));
  return new Map(Object.entries(names).map(([id, name]) => [Number(id), String(name)]));
}
