import type { Target, TargetResponse } from '../../src/connectors/connector.js';
import type { AccessToken, OAuthClient } from '../../src/connectors/kit/oauth-tokens.js';
import type { HttpRequest } from '../../src/http/exchange.js';

interface Script {
  readonly settings?: Readonly<Record<string, string>>;
  /** Answers, one after the other; a request beyond them fails. */
  readonly answers?: readonly TargetResponse[];
  /** Tokens, one after the other; a question beyond them fails. */
  readonly tokens?: readonly AccessToken[];
}

/** A target that answers from a script and remembers what it was asked. Its clock stands still until it is moved. */
export function fakeTarget({ settings = {}, answers = [], tokens = [] }: Script = {}) {
  const [waiting, grants] = [[...answers], [...tokens]];
  const sent: HttpRequest[] = [];
  const asked: { readonly client: OAuthClient; readonly refused: string | undefined }[] = [];
  const clock = { nowMs: 1_700_000_000_000 };
  const next = <T>(script: T[], what: string) => {
    const step = script.shift();
    return step === undefined ? Promise.reject(new Error(`Nobody expected ${what}.`)) : Promise.resolve(step);
  };
  const target: Target = {
    settings,
    tenant: 'abc123',
    environment: 'production',
    account: {},
    now: () => clock.nowMs,
    request: (request) => {
      sent.push(request);
      return next(waiting, `${request.method} ${request.url}`);
    },
    accessToken: (client, refused) => {
      asked.push({ client, refused });
      return next(grants, 'a question for a token');
    },
  };
  return { target, sent, asked, clock };
}

export function answered(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}) {
  return {
    kind: 'answer' as const,
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
