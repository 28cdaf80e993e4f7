import { HttpService } from '@nestjs/axios';
import axios, { type AxiosInstance } from 'axios';
import type { Agent } from 'undici';
import type { AddressGuard } from './address-guard.js';
import type { HttpRequest, HttpResponse, SendHttp } from './exchange.js';
import { undiciAdapter } from './undici-adapter.js';

export interface ExchangeLimits {
  /** Whole exchange, from connect to the last byte. */
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
}

/** Error codes that prove the request never left: nothing can have been committed on the other side. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** An `HttpService` that neither parses nor transforms, answers every status, and speaks through this pool. */
export function lowLevelHttpService(dispatcher: Agent): HttpService {
  return new HttpService(plainAxios(dispatcher));
}

function plainAxios(dispatcher: Agent): AxiosInstance {
  return axios.create({
    adapter: undiciAdapter(dispatcher),
    transformRequest: [],
    transformResponse: [],
    validateStatus: null,
    proxy: false,
    maxRedirects: 0,
  });
}

/** Turns an `HttpService` into a function whose every end is a value. With a guard, addresses are checked first. */
export function httpSender(http: HttpService, limits: ExchangeLimits, guard?: AddressGuard): SendHttp {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const refusal = guard?.checkUrl(request.url);
    if (refusal) return { kind: 'unreachable', code: refusal, permanent: true };
    try {
      const answer = await http.axiosRef.request<string>({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': 'socotra-sync', ...request.headers },
        data: request.body,
        timeout: limits.totalMs,
        maxContentLength: limits.maxAnswerBytes,
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

function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth++) {
    if (current.name === 'TimeoutError') return 'timeout';
    if (current instanceof AggregateError && current.errors[0] instanceof Error) return codeOf(current.errors[0]);
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return 'connection_lost';
}
