import { hash } from 'node:crypto';
import type { Asked, Delivery, DeliveryResult, Target, TargetResponse, VerifyResult } from '../connector.js';
import { authorizedRequest, bearer, type Credentials } from '../kit/authorized-request.js';
import { type BatchAnswer, inBatches } from '../kit/in-batches.js';
import { signatureHeaders } from '../kit/standard-webhooks.js';
import { verifyResultOf } from '../kit/verify-result.js';
import { classifyRest, resultsOfPush } from './rest.classify.js';
import { authWayOf, batchSizeOf } from './rest.fields.js';
import { pingBody, pushBody } from './rest.mapping.js';

/** As many records a request as the tenant has set. */
export function deliverToRest(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]> {
  return inBatches(deliveries, batchSizeOf(target.settings), (batch) => push(batch, target));
}

async function push(batch: readonly Delivery[], target: Target): Promise<BatchAnswer> {
  const id = requestIdOf(batch);
  const sent = await post(pushBody(batch, id, target), id, target);
  if (!sent.ok) return sent.failure;
  const keys = batch.map(({ record }) => record.key);
  return resultsOfPush(sent.value, keys, target.now());
}

/** Equal for every try of the same records with the same content. */
function requestIdOf(batch: readonly Delivery[]): string {
  const [first, ...others] = batch.map(({ deliveryId }) => deliveryId);
  return others.length === 0 && first !== undefined ? first : idFrom([first, ...others].join('\n'));
}

/** A ping, which a receiver answers like a record. */
export async function verifyRest(target: Target): Promise<VerifyResult> {
  const id = idFrom(`ping ${target.tenant} ${target.now()}`);
  const sent = await post(pingBody(target), id, target);
  const failure = sent.ok ? classifyRest(sent.value, target.now()) : sent.failure;
  if (failure === undefined) return { ok: true };
  const unauthorized =
    'The address refuses the credentials: check token, user name or client secret, and for OAuth whether the server wants a scope or an audience.';
  return verifyResultOf(failure, { unauthorized });
}

/** One signed and authenticated POST. */
function post(body: string, id: string, target: Target): Promise<Asked<TargetResponse>> {
  const secret = target.settings['signing-secret'];
  return authorizedRequest(target, credentialsOf(target.settings), ({ headers }) => ({
    method: 'POST',
    url: target.settings['api-url'] ?? '',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'idempotency-key': id,
      ...(secret !== undefined && signatureHeaders(secret, id, target.now(), body)),
    },
    body,
  }));
}

function credentialsOf(settings: Target['settings']): Credentials {
  const { username = '', 'api-token': token = '', 'client-secret': secret = '' } = settings;
  switch (authWayOf(settings)) {
    case 'none':
      return { way: 'none' };
    case 'bearer':
      return bearer(token);
    case 'header':
      return { way: 'header', name: username.toLowerCase(), value: token };
    case 'basic':
      return { way: 'basic', username, password: secret };
    case 'oauth2-client-credentials': {
      const { 'token-url': tokenUrl = '', 'client-id': clientId = '' } = settings;
      const { 'oauth-scope': scope, 'oauth-audience': audience } = settings;
      const asked = { ...(scope !== undefined && { scope }), ...(audience !== undefined && { audience }) };
      return { way: 'oauth', client: { tokenUrl, clientId, clientSecret: secret, ...asked }, isRefusedBy403: true };
    }
  }
}

function idFrom(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
