import { createHmac, randomBytes } from 'node:crypto';
import { objectOf, tryParseJson } from '../http/json.ts';

const LIFETIME_S = 86_400;

/** The tokens of one tenant of Core: JWTs that live a day, as in Socotra's own sample. Made at run time, valid nowhere else. */
export class TenantTokens {
  readonly #secret = randomBytes(32);
  readonly #now: () => number;

  /** @param now story time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  issue(): { readonly token: string; readonly expiresMs: number } {
    const issuedS = Math.floor(this.#now() / 1000);
    const claims = {
      'account.type': 'tenant',
      'tenant.name': 'demo',
      'tenant.timezone': 'America/Los_Angeles',
      sub: 'socotra-sync-demo',
      iat: issuedS,
      exp: issuedS + LIFETIME_S,
    };
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return { token: `${content}.${this.#sign(content)}`, expiresMs: claims.exp * 1000 };
  }

  /** Whether an `Authorization` header carries a token of this tenant that has not expired. */
  accepts(authorization: string | undefined): boolean {
    const [scheme, token = ''] = (authorization ?? '').split(' ');
    const [header = '', claims = '', signature = ''] = token.split('.');
    if (scheme !== 'Bearer' || signature !== this.#sign(`${header}.${claims}`)) return false;
    const { exp } = objectOf(tryParseJson(Buffer.from(claims, 'base64url').toString('utf8')));
    return Number(exp) * 1000 > this.#now();
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#secret).update(content).digest('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
