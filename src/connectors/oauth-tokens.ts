import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { HttpResponse, SendHttp } from '../http/exchange.js';

/** A client of the client-credentials grant (RFC 6749, 4.4). */
export interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export type AccessToken =
  | { readonly ok: true; readonly token: string }
  /** `refused`: the credentials are wrong. Otherwise it may work later. */
  | { readonly ok: false; readonly refused: boolean; readonly code: string };

interface CachedToken {
  readonly token: string;
  readonly usableUntilMs: number;
}

const MAX_CLIENTS = 5_000;
/** A token is renewed this long before it ends, so that it does not end on its way. */
const MARGIN_MS = 30_000;
/** RFC 6749 lets a server leave out `expires_in`; then the token is asked for again after this long. */
const DEFAULT_LIFETIME_S = 300;

/** Access tokens by client, in memory only, with one request in flight per client. */
export class OAuthTokens {
  private readonly cache = new LRUCache<string, CachedToken>({ max: MAX_CLIENTS });
  private readonly inFlight = new Map<string, Promise<AccessToken>>();

  constructor(
    private readonly send: SendHttp,
    private readonly now: () => number,
  ) {}

  get(client: OAuthClient, renew = false): Promise<AccessToken> {
    const name = nameOf(client);
    const cached = this.cache.get(name);
    if (cached && !renew && cached.usableUntilMs > this.now())
      return Promise.resolve({ ok: true, token: cached.token });
    const running = this.inFlight.get(name);
    if (running) return running;
    const started = this.request(client, name).finally(() => this.inFlight.delete(name));
    this.inFlight.set(name, started);
    return started;
  }

  private async request(client: OAuthClient, name: string): Promise<AccessToken> {
    const response = await this.send({
      method: 'POST',
      url: client.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }).toString(),
    });
    const granted = readGrant(response);
    if (!granted.ok) return granted;
    const { token, lifetimeS } = granted;
    this.cache.set(name, { token, usableUntilMs: this.now() + lifetimeS * 1_000 - MARGIN_MS });
    return { ok: true, token };
  }
}

type Grant =
  { readonly ok: true; readonly token: string; readonly lifetimeS: number } | Extract<AccessToken, { ok: false }>;

function readGrant(response: HttpResponse): Grant {
  if (response.kind !== 'answer') return { ok: false, refused: false, code: `token_endpoint_${response.code}` };
  const { status, body } = response;
  if (status >= 200 && status < 300) return readToken(body);
  // RFC 6749, 5.2: wrong credentials are 400 or 401.
  const refused = status === 400 || status === 401 || status === 403;
  return { ok: false, refused, code: `token_endpoint_status_${status}` };
}

function readToken(body: string): Grant {
  const noToken = { ok: false, refused: false, code: 'token_endpoint_answer_unreadable' } as const;
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== 'object' || json === null || !('access_token' in json)) return noToken;
    if (typeof json.access_token !== 'string' || json.access_token === '') return noToken;
    const lifetimeS = 'expires_in' in json ? Number(json.expires_in) : DEFAULT_LIFETIME_S;
    return { ok: true, token: json.access_token, lifetimeS: lifetimeS > 0 ? lifetimeS : DEFAULT_LIFETIME_S };
  } catch {
    // Not JSON: a proxy's page, most likely; worth another try.
    return noToken;
  }
}

/** The secret is part of the name, hashed: a changed secret is another client. */
function nameOf(client: OAuthClient): string {
  const { tokenUrl, clientId, clientSecret } = client;
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret]))
    .digest('hex');
}
