import { randomBytes } from 'node:crypto';
import type { Reply } from '../../http/loopback-server.ts';

/** Who may call this CRM: whoever has its token, or a token that its OAuth server has given. */
export class RestAccess {
  readonly apiToken = randomToken();
  readonly clientId = `client-${randomToken()}`;
  readonly clientSecret = randomToken();
  readonly #granted = new Set<string>();
  #refusesAll = false;
  #refusesApiToken = false;

  accepts(authorization: string | undefined): boolean {
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    if (this.#refusesAll) return false;
    return this.#granted.has(token) || (token === this.apiToken && !this.#refusesApiToken);
  }

  /** The client credentials grant (RFC 6749, 4.4). */
  grant(form: URLSearchParams): Reply {
    const isClient = form.get('client_id') === this.clientId && form.get('client_secret') === this.clientSecret;
    if (!isClient || this.#refusesAll) return { status: 401, body: { error: 'invalid_client' } };
    if (form.get('grant_type') !== 'client_credentials')
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    const token = randomToken();
    this.#granted.add(token);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
  }

  /** The tokens given so far are refused; the one that was never to expire too. */
  expire(): void {
    this.#granted.clear();
    this.#refusesApiToken = true;
  }

  revoke(): void {
    this.#refusesAll = true;
  }

  restore(): void {
    this.#refusesAll = false;
    this.#refusesApiToken = false;
  }
}

function randomToken(): string {
  return randomBytes(24).toString('base64url');
}
