import type { HttpRequest } from '../../http/exchange.js';
import type { Asked, Failure, Target, TargetResponse } from '../connector.js';
import type { AccessToken, OAuthClient } from './oauth-tokens.js';

/** How a connector proves itself. */
export type Credentials =
  | { readonly way: 'none' }
  | { readonly way: 'header'; readonly name: string; readonly value: string }
  | { readonly way: 'basic'; readonly username: string; readonly password: string }
  | { readonly way: 'oauth'; readonly client: OAuthClient };

export function bearer(token: string): Credentials {
  return { way: 'header', name: 'authorization', value: `Bearer ${token}` };
}

/** What an exchange may use: headers to add, and where a token server named it the address to speak to. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly instanceUrl?: string;
}

/**
 * One authenticated exchange. Where credentials are renewable, a 401 is answered by one new token and one more try; a
 * second 401 stands.
 */
export async function authorizedRequest(
  target: Target,
  credentials: Credentials,
  build: (authorization: Authorization) => HttpRequest,
): Promise<Asked<TargetResponse>> {
  const first = await requestOnce(target, credentials, build, false);
  const isRefused = first.ok && first.value.kind === 'answer' && first.value.status === 401;
  return isRefused && credentials.way === 'oauth' ? requestOnce(target, credentials, build, true) : first;
}

async function requestOnce(
  target: Target,
  credentials: Credentials,
  build: (authorization: Authorization) => HttpRequest,
  renew: boolean,
): Promise<Asked<TargetResponse>> {
  const authorization = await authorize(target, credentials, renew);
  if (!authorization.ok) return authorization;
  return { ok: true, value: await target.request(build(authorization.value)) };
}

async function authorize(target: Target, credentials: Credentials, renew: boolean): Promise<Asked<Authorization>> {
  switch (credentials.way) {
    case 'none':
      return { ok: true, value: { headers: {} } };
    case 'header':
      return { ok: true, value: { headers: { [credentials.name]: credentials.value } } };
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
      return { ok: true, value: { headers: { authorization: `Basic ${pair}` } } };
    }
    case 'oauth': {
      const granted = await target.accessToken(credentials.client, renew);
      if (!granted.ok) return { ok: false, failure: refusedGrant(granted) };
      const { token, instanceUrl } = granted;
      const headers = { authorization: `Bearer ${token}` };
      return { ok: true, value: { headers, ...(instanceUrl !== undefined && { instanceUrl }) } };
    }
  }
}

function refusedGrant({ refused, code }: Extract<AccessToken, { ok: false }>): Failure {
  return refused ? { outcome: 'auth', code: 'target_unauthorized' } : { outcome: 'unreachable', code };
}
