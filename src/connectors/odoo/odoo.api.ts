import type { HttpRequest } from '../../http/exchange.js';
import type { Asked, Failure, Target, TargetResponse } from '../connector.js';
import { authorizedRequest, bearer, type Credentials } from '../kit/authorized-request.js';
import { failureOfExchange, resultIn } from './odoo.classify.js';
import { type JsonObject, objectsOf } from '../kit/json.js';
import { loginOf, originOf } from './odoo.settings.js';

/** One method of one model. */
export interface OdooCall {
  readonly model: string;
  readonly method: string;
  /** The records that the method is called on. */
  readonly ids?: readonly number[];
  /** In the order in which the method takes them: JSON-2 sends their names, JSON-RPC their places. */
  readonly args?: JsonObject;
  /** Sent by name over both. */
  readonly options?: JsonObject;
}

/** JSON-2 since Odoo 19; `/jsonrpc` before, which is gone from Odoo 22 on. */
export type Transport = { readonly way: 'json2' } | { readonly way: 'jsonrpc'; readonly uid: number };

/** Asks Odoo; what the answer means has been judged, except what a `load` says about its rows. */
export interface Odoo {
  call(call: OdooCall): Promise<Asked<unknown>>;
  /** Archived records are found too: what we wrote is ours, whoever archived it. */
  searchRead(
    model: string,
    domain: readonly unknown[],
    fields: readonly string[],
  ): Promise<Asked<readonly JsonObject[]>>;
}

export function odooAt(target: Target, transport: Transport): Odoo {
  const call = (call: OdooCall) => ask(target, transport, call);
  return {
    call,
    searchRead: async (model, domain, fields) => {
      const options = { fields, context: { active_test: false } };
      const answer = await call({ model, method: 'search_read', args: { domain }, options });
      return answer.ok ? { ok: true, value: objectsOf(answer.value) } : answer;
    },
  };
}

async function ask(target: Target, transport: Transport, call: OdooCall): Promise<Asked<unknown>> {
  const credentials: Credentials =
    transport.way === 'json2' ? bearer(loginOf(target.settings).key ?? '') : { way: 'none' };
  const sent = await authorizedRequest(target, credentials, ({ headers }) =>
    transport.way === 'json2' ? json2Request(target, call, headers) : rpcRequest(target, transport.uid, call),
  );
  return sent.ok ? judged(sent.value, target.now()) : sent;
}

function judged(response: TargetResponse, nowMs: number): Asked<unknown> {
  const failure = failureOfExchange(response, nowMs);
  if (failure !== undefined) return { ok: false, failure };
  return { ok: true, value: response.kind === 'answer' ? resultIn(response.body) : undefined };
}

function json2Request(
  target: Target,
  { model, method, ids, args, options }: OdooCall,
  authorization: Readonly<Record<string, string>>,
): HttpRequest {
  const { account } = loginOf(target.settings);
  return {
    method: 'POST',
    url: `${originOf(target.settings)}/json/2/${model}/${method}`,
    headers: {
      ...authorization,
      'content-type': 'application/json',
      ...(account !== undefined && { 'x-odoo-database': account }),
    },
    body: JSON.stringify({ ...(ids && { ids }), ...args, ...options }),
  };
}

function rpcRequest(target: Target, uid: number, { model, method, ids, args, options }: OdooCall): HttpRequest {
  const { account, key } = loginOf(target.settings);
  const places = [...(ids ? [ids] : []), ...Object.values(args ?? {})];
  return jsonRpcRequest(target, 'object', 'execute_kw', [account, uid, key, model, method, places, options ?? {}]);
}

function jsonRpcRequest(target: Target, service: string, method: string, args: readonly unknown[]): HttpRequest {
  return {
    method: 'POST',
    url: `${originOf(target.settings)}/jsonrpc`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }),
  };
}

/** The unauthenticated question for the version, which only JSON-2 servers answer. */
export function askWebVersion(target: Target): Promise<TargetResponse> {
  const url = `${originOf(target.settings)}/web/version`;
  return target.request({ method: 'GET', url, headers: { 'content-type': 'application/json' } });
}

export async function askRpcVersion(target: Target): Promise<Asked<unknown>> {
  return judged(await target.request(jsonRpcRequest(target, 'common', 'version', [])), target.now());
}

/** @returns the id of the user; a wrong key is answered with `false` and no error. */
export async function logIn(target: Target): Promise<Asked<number>> {
  const { account, username, key } = loginOf(target.settings);
  const answer = await target.request(
    jsonRpcRequest(target, 'common', 'authenticate', [account ?? '', username ?? '', key ?? '', {}]),
  );
  const asked = judged(answer, target.now());
  if (!asked.ok) return asked;
  return typeof asked.value === 'number' ? { ok: true, value: asked.value } : { ok: false, failure: REFUSED };
}

const REFUSED: Failure = { outcome: 'auth', code: 'target_unauthorized' };
