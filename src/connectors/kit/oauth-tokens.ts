import { createHash } from 'node:crypto';
import type { HttpResponse, SendHttp } from '../../http/exchange.js';
import { RecentlyUsed } from '../../recently-used.js';
import { parseObject } from './json.js';
import { statusFailure } from './status-failure.js';

/** A client of the client-credentials grant (RFC 6749, 4.4), or with a refresh token of the grant of section 6. */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the token is to be good for, where the server wants to be told (RFC 6749, 3.3). */
  readonly scope?: string;
  /** For whom it is, where the server wants to be told. */
  readonly audience?: string;
  /** The one the customer set; a server may replace it with each use. */
  readonly refreshToken?: string;
  /** How long a token is used where the server names no lifetime, seconds; default: five minutes. */
  readonly assumedLifetimeS?: number;
}

export type AccessToken =
  /** `instanceUrl`: some servers say which address the token is for. */
  | { readonly ok: true; readonly token: string; readonly instanceUrl?: string }
  /** `refused`: the credentials are wrong. Otherwise it may work later, and not before the time that the server names. */
  | { readonly ok: false; readonly refused: boolean; readonly code: string; readonly retryAfterMs?: number };

type GrantedToken = Extract<AccessToken, { ok: true }>;

interface CachedToken {
  readonly granted: GrantedToken;
  readonly grantedAtMs: number;
  readonly usableUntilMs: number;
}

/** What the codes of a failed grant begin with: it is not the target itself that was asked. */
export const TOKEN_ENDPOINT = 'token_endpoint_';

const CLIENTS_REMEMBERED = 5_000;
/** No receiver takes a longer header, and what a token server writes is kept for every client that a tenant ever set. */
const MOST_CHARACTERS = 16_384;
/** A token is renewed this long before it ends, so that it does not end on its way. */
const MARGIN_MS = 30_000;
/** RFC 6749 lets a server leave out `expires_in`; then the token is asked for again after this long. */
const DEFAULT_LIFETIME_S = 300;

/** Access tokens by client, in memory only, with one request in flight per client. */
export class OAuthTokens {
  private readonly cache = new RecentlyUsed<CachedToken>(CLIENTS_REMEMBERED);
  private readonly inFlight = new Map<string, Promise<AccessToken>>();
  /** The newest refresh token of each client that got one; the one it replaces may be dead already. */
  private readonly rotated = new RecentlyUsed<string>(CLIENTS_REMEMBERED);

  constructor(
    private readonly send: SendHttp,
    private readonly now: () => number,
  ) {}

  /**
   * @param refused a token that the target no longer takes: another one is asked for, unless somebody else got one meanwhile
   * @param keptForMs a refused one that is younger is given again
   */
  get(client: OAuthClient, refused?: string, keptForMs = 0): Promise<AccessToken> {
    const name = nameOf(client);
    const cached = this.cache.get(name);
    if (cached !== undefined && this.isUsable(cached, refused, keptForMs)) return Promise.resolve(cached.granted);
    const running = this.inFlight.get(name);
    if (running) return running;
    const started = this.request(client, name).finally(() => this.inFlight.delete(name));
    this.inFlight.set(name, started);
    return started;
  }

  private isUsable(
    { granted, grantedAtMs, usableUntilMs }: CachedToken,
    refused: string | undefined,
    keptForMs: number,
  ) {
    const nowMs = this.now();
    return usableUntilMs > nowMs && (granted.token !== refused || nowMs - grantedAtMs < keptForMs);
  }

  private async request(client: OAuthClient, name: string): Promise<AccessToken> {
    const response = await this.send({
      method: 'POST',
      url: client.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        ...this.grantOf(client, name),
        client_id: client.clientId,
        client_secret: client.clientSecret,
        ...(client.scope !== undefined && { scope: client.scope }),
        ...(client.audience !== undefined && { audience: client.audience }),
      }).toString(),
    });
    const answer = readGrant(response, client.assumedLifetimeS ?? DEFAULT_LIFETIME_S, this.now());
    if (!answer.ok) return answer;
    const { granted, refreshToken, lifetimeS } = answer;
    // Kept before the access token is used: whoever refreshes next must not come with a dead one.
    if (refreshToken !== undefined) this.rotated.set(name, refreshToken);
    const grantedAtMs = this.now();
    this.cache.set(name, { granted, grantedAtMs, usableUntilMs: grantedAtMs + lifetimeS * 1_000 - MARGIN_MS });
    return granted;
  }

  private grantOf({ refreshToken }: OAuthClient, name: string): Record<string, string> {
    if (refreshToken === undefined) return { grant_type: 'client_credentials' };
    return { grant_type: 'refresh_token', refresh_token: this.rotated.get(name) ?? refreshToken };
  }
}

type Grant =
  | { readonly ok: true; readonly granted: GrantedToken; readonly refreshToken?: string; readonly lifetimeS: number }
  | Extract<AccessToken, { ok: false }>;

function readGrant(response: HttpResponse, assumedLifetimeS: number, nowMs: number): Grant {
  if (response.kind !== 'answer') return { ok: false, refused: false, code: `${TOKEN_ENDPOINT}${response.code}` };
  const { status, body } = response;
  if (status >= 200 && status < 300) return readToken(body, assumedLifetimeS);
  // RFC 6749, 5.2: wrong credentials are 400 or 401.
  const refused = status === 400 || status === 401 || status === 403;
  const failure = statusFailure(response, nowMs);
  const retryAfterMs = failure?.outcome === 'throttled' ? failure.retryAfterMs : undefined;
  const code = `${TOKEN_ENDPOINT}status_${status}`;
  return { ok: false, refused, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function readToken(body: string, assumedLifetimeS: number): Grant {
  const {
    access_token: token,
    expires_in,
    instance_url: instanceUrl,
    refresh_token: refreshToken,
  } = parseObject(body) ?? {};
  const isTooLong = [token, instanceUrl, refreshToken].some(
    (text) => typeof text === 'string' && text.length > MOST_CHARACTERS,
  );
  // Not what was asked for: a proxy's page, most likely; worth another try.
  if (typeof token !== 'string' || token === '' || isTooLong) {
    return { ok: false, refused: false, code: `${TOKEN_ENDPOINT}answer_unreadable` };
  }
  const lifetimeS = Number(expires_in);
  return {
    ok: true,
    granted: { ok: true, token, ...(typeof instanceUrl === 'string' && { instanceUrl }) },
    ...(typeof refreshToken === 'string' && { refreshToken }),
    lifetimeS: lifetimeS > 0 ? lifetimeS : assumedLifetimeS,
  };
}

/** All that the token depends on; the secret too, hashed: a changed secret is another client. */
function nameOf(client: OAuthClient): string {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope, audience } = client;
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret, refreshToken, scope, audience]))
    .digest('hex');
}
