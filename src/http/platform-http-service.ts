import { HttpService } from '@nestjs/axios';
import axios, { AxiosHeaders, type AxiosAdapter } from 'axios';
import type { PoolExchange } from './pool-exchange.js';

/**
 * An `HttpService` that neither parses nor transforms, answers every status, and speaks through this pool. It costs twice
 * as much CPU as the pool alone; that is no matter for the Marketplace, which is asked once in a while.
 */
export function platformHttpService(exchange: PoolExchange): HttpService {
  return new HttpService(axios.create({ adapter: through(exchange), transformRequest: [], transformResponse: [] }));
}

/** The `HttpService` as an exchange again, so that both ways out are handled by the same code. */
export function exchangeOver({ axiosRef }: HttpService): PoolExchange {
  return async ({ method, url, headers, body, totalMs, maxAnswerBytes }) => {
    const bounds = { timeout: totalMs, maxContentLength: maxAnswerBytes };
    const answer = await axiosRef.request<string>({ method, url, headers, data: body, ...bounds });
    return { status: answer.status, headers: textsOf(answer.headers), body: answer.data };
  };
}

/** The adapter gives every status as an answer, follows no redirect and knows no proxy, so axios is told of none. */
function through(exchange: PoolExchange): AxiosAdapter {
  return async (config) => {
    const { status, headers, body } = await exchange({
      method: (config.method ?? 'GET').toUpperCase(),
      url: config.url ?? '',
      headers: textsOf(config.headers.toJSON()),
      body: config.data === undefined ? undefined : String(config.data),
      totalMs: config.timeout ?? 0,
      maxAnswerBytes: config.maxContentLength ?? 0,
    });
    return { data: body, status, statusText: '', headers: AxiosHeaders.from(headers), config };
  };
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
