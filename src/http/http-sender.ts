import type { HttpService } from '@nestjs/axios';
import type { AddressGuard } from './address-guard.js';
import type { HttpRequest, HttpResponse, SendHttp } from './exchange.js';

export interface ExchangeOptions {
  /** Whole exchange, from connect to the last byte. */
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
  /** `<app>/<version>`, so that the other side knows whom to ask. */
  readonly userAgent: string;
}

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

/** Turns an `HttpService` into a function whose every end is a value. With a guard, addresses are checked first. */
export function httpSender(http: HttpService, options: ExchangeOptions, guard?: AddressGuard): SendHttp {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const refusal = guard?.checkUrl(request.url);
    if (refusal) return { kind: 'unreachable', code: refusal, permanent: true };
    try {
      const answer = await http.axiosRef.request<string>({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': options.userAgent, ...request.headers },
        data: request.body,
        timeout: options.totalMs,
        maxContentLength: options.maxAnswerBytes,
      });
      return { kind: 'answer', status: answer.status, headers: lowerCased(answer.headers), body: answer.data };
    } catch (error) {
      return failureOf(error);
    }
  };
}

function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
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
    if (typeof code === 'string') return code;
    current = cause;
  }
  return 'connection_lost';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
