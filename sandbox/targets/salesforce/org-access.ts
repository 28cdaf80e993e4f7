import { randomBytes } from 'node:crypto';
import type { ReceivedRequest, Reply } from '../../http/loopback-server.ts';
import { failed } from './rest-api.ts';

/** The External Client App of the org, and the tokens it gave out. */
export class OrgAccess {
  readonly clientId = `3MVG9${randomBytes(24).toString('base64url')}`;
  readonly clientSecret = randomBytes(32).toString('hex').toUpperCase();
  readonly #tokens = new Set<string>();
  #isRevoked = false;

  expire(): void {
    this.#tokens.clear();
  }

  revoke(): void {
    this.#isRevoked = true;
    this.expire();
  }

  restore(): void {
    this.#isRevoked = false;
  }

  /** The answer of the token endpoint. Like the real one it names no lifetime. */
  grant({ method, headers, body }: ReceivedRequest, instanceUrl: string): Reply {
    const form = new URLSearchParams(body);
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    if (method !== 'POST' || !isForm || form.get('grant_type') !== 'client_credentials') {
      return oauthError('unsupported_grant_type', 'grant type not supported');
    }
    if (form.get('client_id') !== this.clientId) return oauthError('invalid_client_id', 'client identifier invalid');
    if (form.get('client_secret') !== this.clientSecret)
      return oauthError('invalid_client', 'invalid client credentials');
    if (this.#isRevoked) return oauthError('invalid_grant', 'no client credentials user enabled');
    const token = `00D${randomBytes(32).toString('base64url')}`;
    this.#tokens.add(token);
    return {
      status: 200,
      body: {
        access_token: token,
        instance_url: instanceUrl,
        id: `${instanceUrl}/id/00D/005`,
        token_type: 'Bearer',
        issued_at: '1732252800000',
        signature: 'c2lnbmF0dXJl',
        scope: 'api',
      },
    };
  }

  /** The answer to a request that is not let in; undefined: it is. */
  refusal({ path, headers }: ReceivedRequest): Reply | undefined {
    if (path === '/services/oauth2/token') return undefined;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined && this.#tokens.has(token)) return undefined;
    return failed(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  }
}

function oauthError(error: string, description: string): Reply {
  return { status: 400, body: { error, error_description: description } };
}
