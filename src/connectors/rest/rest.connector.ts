import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../http/exchange.js';
import type { Connector, Delivery, DeliveryResult, Target, VerifyResult } from '../connector.js';
import { restOfConnection } from '../rest-of-connection.js';
import { signatureHeaders } from '../standard-webhooks.js';
import { classifyRest } from './rest.classify.js';
import { authWayOf, REST_FIELDS } from './rest.fields.js';
import { pingBody, pushBody } from './rest.mapping.js';
import { checkRestSettings } from './rest.settings.js';

/** Pushes every canonical record, unchanged, to an address of the tenant's: an own CRM, a middleware, an iPaaS. */
export const restConnector: Connector = {
  id: 'rest',
  label: 'Any REST API',
  docs: 'docs/connectors/rest.md',
  fields: REST_FIELDS,
  defaultProfile: 'all',
  kinds: {
    party: 'upsert',
    quote: 'upsert',
    policy: 'upsert',
    policy_change: 'upsert',
    invoice: 'upsert',
    payment: 'upsert',
    claim: 'upsert',
    claim_item: 'upsert',
    premium_row: 'upsert',
    activity: 'upsert',
  },
  checkSettings: checkRestSettings,
  verify,
  deliver,
};

async function deliver(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]> {
  const results: DeliveryResult[] = [];
  for (const delivery of deliveries) {
    const stop = results.map(restOfConnection).find((rest) => rest !== undefined);
    results.push(stop ?? (await push(delivery, target)));
  }
  return results;
}

async function push(delivery: Delivery, target: Target): Promise<DeliveryResult> {
  const sent = await post(pushBody(delivery, target), delivery.deliveryId, target);
  return sent.ok ? classifyRest(sent.response, target.now()) : sent.failure;
}

async function verify(target: Target): Promise<VerifyResult> {
  const id = createHash('sha256').update(`ping ${target.tenant} ${target.now()}`).digest('hex').slice(0, 32);
  const sent = await post(pingBody(target), id, target);
  const result = sent.ok ? classifyRest(sent.response, target.now()) : sent.failure;
  switch (result.outcome) {
    case 'delivered':
    case 'skipped':
      return { ok: true };
    case 'auth':
      return result.code === 'target_gone'
        ? settingsProblem(result.code, 'The address says it is closed for good (410): set another one.')
        : settingsProblem(result.code, 'The address refuses the credentials: check token, user name or client secret.');
    case 'rejected':
      return settingsProblem(result.code, result.advice);
    case 'unreachable':
      return addressProblem(result.code) ?? unreachable(result.code);
    case 'retry':
    case 'throttled':
    case 'dependency':
    case 'unknown_outcome':
      return unreachable(result.code);
  }
}

function settingsProblem(code: string, message: string): VerifyResult {
  return { ok: false, cause: 'settings', code, message };
}

function addressProblem(code: string): VerifyResult | undefined {
  if (code === 'private_address_refused') {
    return settingsProblem(code, 'The address leads into a private network: use a public https address.');
  }
  if (code === 'scheme_refused') return settingsProblem(code, 'The address must begin with https://.');
  if (code === 'port_refused')
    return settingsProblem(code, 'The port of the address is not allowed: use 443 or one above 1023.');
  if (code === 'enotfound') return settingsProblem(code, 'The name in the address does not exist: check the spelling.');
  return undefined;
}

function unreachable(code: string): VerifyResult {
  return {
    ok: false,
    cause: 'unreachable',
    code,
    message: `The address could not be reached (${code.replaceAll('_', ' ')}): check it, or try again later.`,
  };
}

type Sent =
  { readonly ok: true; readonly response: HttpResponse } | { readonly ok: false; readonly failure: DeliveryResult };

/** One signed and authenticated POST; with OAuth, a 401 is answered by one new token and one more try. */
async function post(body: string, id: string, target: Target): Promise<Sent> {
  const first = await postOnce(body, id, target, false);
  const isRefused = first.ok && first.response.kind === 'answer' && first.response.status === 401;
  const canRenew = authWayOf(target.settings) === 'oauth2-client-credentials';
  return isRefused && canRenew ? postOnce(body, id, target, true) : first;
}

async function postOnce(body: string, id: string, target: Target, renew: boolean): Promise<Sent> {
  const auth = await authHeaders(target, renew);
  if (!auth.ok) return auth;
  const secret = target.settings['signing-secret'];
  const response = await target.request({
    method: 'POST',
    url: target.settings['api-url'] ?? '',
    headers: {
      ...auth.headers,
      'content-type': 'application/json',
      'idempotency-key': id,
      ...(secret !== undefined && signatureHeaders(secret, id, target.now(), body)),
    },
    body,
  });
  return { ok: true, response };
}

type Auth =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly failure: DeliveryResult };

async function authHeaders({ settings, accessToken }: Target, renew: boolean): Promise<Auth> {
  const { username = '', 'api-token': token = '', 'client-secret': secret = '' } = settings;
  const way = authWayOf(settings);
  switch (way) {
    case 'none':
      return { ok: true, headers: {} };
    case 'bearer':
      return { ok: true, headers: { authorization: `Bearer ${token}` } };
    case 'header':
      return { ok: true, headers: { [username.toLowerCase()]: token } };
    case 'basic':
      return {
        ok: true,
        headers: { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` },
      };
    case 'oauth2-client-credentials': {
      const { 'token-url': tokenUrl = '', 'client-id': clientId = '' } = settings;
      const granted = await accessToken({ tokenUrl, clientId, clientSecret: secret }, renew);
      if (granted.ok) return { ok: true, headers: { authorization: `Bearer ${granted.token}` } };
      const failure: DeliveryResult = granted.refused
        ? { outcome: 'auth', code: 'target_unauthorized' }
        : { outcome: 'unreachable', code: granted.code };
      return { ok: false, failure };
    }
  }
}
