import type { Target, TargetResponse } from '../../src/connectors/connector.js';
import type { AccessToken, OAuthClient } from '../../src/connectors/kit/oauth-tokens.js';
import type { HttpRequest } from '../../src/http/exchange.js';

interface Script {
  readonly settings?: Readonly<Record<string, string>>;
  /** Answers, one after the other, and a request beyond them fails; or what answers each request. */
  readonly answers?: readonly TargetResponse[] | ((request: HttpRequest) => TargetResponse | Promise<TargetResponse>);
  /** Tokens, one after the other, and a question beyond them fails; or what answers each question. */
  readonly tokens?: readonly AccessToken[] | (() => AccessToken);
}

/** A target that answers from a script and remembers what it was asked. Its clock stands still until it is moved. */
export function fakeTarget({ settings = {}, answers = [], tokens = [] }: Script = {}) {
  const answer = typeof answers === 'function' ? answers : oneByOne(answers, 'a request');
  const grant = typeof tokens === 'function' ? tokens : oneByOne(tokens, 'a question for a token');
  const sent: HttpRequest[] = [];
  const asked: { readonly client: OAuthClient; readonly refused: string | undefined }[] = [];
  const clock = { nowMs: 1_700_000_000_000 };
  const target: Target = {
    settings,
    tenant: 'abc123',
    environment: 'production',
    timeZone: 'UTC',
    account: {},
    now: () => clock.nowMs,
    request: async (request) => {
      sent.push(request);
      return answer(request);
    },
    accessToken: async (client, refused) => {
      asked.push({ client, refused });
      return grant();
    },
  };
  return { target, sent, asked, clock };
}

function oneByOne<T>(script: readonly T[], what: string): () => T {
  const waiting = [...script];
  return () => {
    const step = waiting.shift();
    if (step === undefined) throw new Error(`Nobody expected ${what}.`);
    return step;
  };
}

export function answered(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}) {
  return {
    kind: 'answer' as const,
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
