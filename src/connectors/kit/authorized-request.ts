import type { HttpRequest } from '../../http/exchange.js';
import type { Asked, Failure, Target, TargetResponse } from '../connector.js';
import type { AccessToken, OAuthClient } from './oauth-tokens.js';

/** How a connector proves itself. */
export type Credentials =
  | { readonly way: 'none' }
  | { readonly way: 'header'; readonly name: string; readonly value: string }
  | { readonly way: 'basic'; readonly username: string; readonly password: string }
  /** `isRefusedBy403`: of a target that nothing is known of, a 403 may mean that the token has ended, as a 401 does. */
  | { readonly way: 'oauth'; readonly client: OAuthClient; readonly isRefusedBy403?: boolean };

export function bearer(token: string): Credentials {
  return { way: 'header', name: 'authorization', value: `Bearer ${token}` };
}

/** What an exchange may use: headers to add, and where a token server named it the address to speak to. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly instanceUrl?: string;
}

/**
 * One authenticated exchange. Where credentials are renewable, a refusal of the token is answered by a new one and one more
 * try; a second refusal stands.
 */
export async function authorizedRequest(
  target: Target,
  credentials: Credentials,
  build: (authorization: Authorization) => HttpRequest,
): Promise<Asked<TargetResponse>> {
  if (credentials.way !== 'oauth') {
    return { ok: true, value: await target.request(build({ headers: fixedHeaders(credentials) })) };
  }
  const first = await requestWithToken(target, credentials.client, build);
  if (!first.ok) return first;
  const { response, token } = first.value;
  if (!isTokenRefused(response, credentials)) return { ok: true, value: response };
  const second = await requestWithToken(target, credentials.client, build, token);
  return second.ok ? { ok: true, value: second.value.response } : second;
}

function isTokenRefused(
  response: TargetResponse,
  { isRefusedBy403 = false }: Extract<Credentials, { way: 'oauth' }>,
): boolean {
  if (response.kind !== 'answer') return false;
  return response.status === 401 || (isRefusedBy403 && response.status === 403);
}

function fixedHeaders(credentials: Exclude<Credentials, { way: 'oauth' }>): Authorization['headers'] {
  switch (credentials.way) {
    case 'none':
      return {};
    case 'header':
      return { [credentials.name]: credentials.value };
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
      return { authorization: `Basic ${pair}` };
    }
  }
}

async function requestWithToken(
  target: Target,
  client: OAuthClient,
  build: (authorization: Authorization) => HttpRequest,
  refused?: string,
): Promise<Asked<{ readonly response: TargetResponse; readonly token: string }>> {
  const granted = await target.accessToken(client, refused);
  if (!granted.ok) return { ok: false, failure: failedGrant(granted) };
  const { token, instanceUrl } = granted;
  const headers = { authorization: `Bearer ${token}` };
  const response = await target.request(build({ headers, ...(instanceUrl !== undefined && { instanceUrl }) }));
  return { ok: true, value: { response, token } };
}

function failedGrant({ refused, code, retryAfterMs }: Extract<AccessToken, { ok: false }>): Failure {
  if (refused) return { outcome: 'auth', code: 'target_unauthorized' };
  return retryAfterMs === undefined ? { outcome: 'unreachable', code } : { outcome: 'throttled', code, retryAfterMs };
}
