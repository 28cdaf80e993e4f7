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

/** Many records may be forbidden one after the other: not each of them is worth a call of the token server. */
const KEPT_THOUGH_FORBIDDEN_MS = 60_000;

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
  const granted = await target.accessToken(credentials.client);
  if (!granted.ok) return { ok: false, failure: failedGrant(granted) };
  const response = await target.request(build(authorizationOf(granted)));
  const keptForMs = tokenKeptForMs(response, credentials);
  if (keptForMs === undefined) return { ok: true, value: response };
  const renewed = await target.accessToken(credentials.client, granted.token, keptForMs);
  if (!renewed.ok) return { ok: false, failure: failedGrant(renewed) };
  if (renewed.token === granted.token) return { ok: true, value: response };
  return { ok: true, value: await target.request(build(authorizationOf(renewed))) };
}

/** How old the token must be for this answer to be a refusal of it; undefined: it is none. */
function tokenKeptForMs(
  response: TargetResponse,
  { isRefusedBy403 = false }: Extract<Credentials, { way: 'oauth' }>,
): number | undefined {
  if (response.kind !== 'answer') return undefined;
  if (response.status === 401) return 0;
  return isRefusedBy403 && response.status === 403 ? KEPT_THOUGH_FORBIDDEN_MS : undefined;
}

function authorizationOf({ token, instanceUrl }: Extract<AccessToken, { ok: true }>): Authorization {
  return { headers: { authorization: `Bearer ${token}` }, ...(instanceUrl !== undefined && { instanceUrl }) };
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

function failedGrant({ refused, code, retryAfterMs }: Extract<AccessToken, { ok: false }>): Failure {
  if (refused) return { outcome: 'auth', code: 'target_unauthorized' };
  return retryAfterMs === undefined ? { outcome: 'unreachable', code } : { outcome: 'throttled', code, retryAfterMs };
}
