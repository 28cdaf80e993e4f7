import type { AddressGuard } from './address-guard.js';
import { type HttpRequest, type HttpResponse, type SendHttp, SHUTTING_DOWN } from './exchange.js';
import type { PoolExchange } from './pool-exchange.js';

export interface ExchangeOptions {
  /** Whole exchange, from connect to the last byte. */
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
  /** `<app>/<version>`, so that the other side knows whom to ask. */
  readonly userAgent: string;
}

const ACCEPT = 'application/json, text/plain, */*';

/** Error codes that prove the request never left: nothing can have been committed on the other side. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What undici calls what has a name of ours. */
const SAME_AS: Readonly<Record<string, string>> = {
  UND_ERR_DESTROYED: SHUTTING_DOWN,
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'answer_too_large',
};

/** Turns an exchange into a function whose every end is a value. With a guard, addresses are checked first. */
export function httpSender(exchange: PoolExchange, options: ExchangeOptions, guard?: AddressGuard): SendHttp {
  const { totalMs, maxAnswerBytes, userAgent } = options;
  return async ({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> => {
    const refusal = guard?.checkUrl(url);
    if (refusal) return { kind: 'unreachable', code: refusal, permanent: true };
    const sent = { accept: ACCEPT, 'user-agent': userAgent, ...headers };
    try {
      const answer = await exchange({ method, url, headers: sent, body, totalMs, maxAnswerBytes });
      return { kind: 'answer', ...answer };
    } catch (error) {
      return failureOf(error);
    }
  };
}

/** The error object itself may carry request headers, so only its code goes on. */
function failureOf(error: unknown): HttpResponse {
  const code = codeOf(error);
  if (code === 'private_address_refused') return { kind: 'unreachable', code, permanent: true };
  if (NEVER_SENT.has(code)) return { kind: 'unreachable', code: code.toLowerCase(), permanent: false };
  return { kind: 'lost', code: code.toLowerCase() };
}

/** The first code along the causes. Members are read, not classes: errors of Node's own may come from another realm. */
function codeOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 4 && isObject(current); depth++) {
    const { name, code, errors, cause } = current;
    if (name === 'TimeoutError') return 'timeout';
    if (Array.isArray(errors) && isObject(errors[0])) return codeOf(errors[0]);
    if (typeof code === 'string') return SAME_AS[code] ?? code;
    current = cause;
  }
  return 'connection_lost';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
