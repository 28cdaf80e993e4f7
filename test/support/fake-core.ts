import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';

export type FakeAnswer = HttpResponse | ((request: HttpRequest) => HttpResponse);

/** A JSON answer as Core gives it. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return text(JSON.stringify(body), status, { 'content-type': 'application/json', ...headers });
}

export function text(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { kind: 'answer', status, headers, body };
}

/**
 * Plays Core for one test: answers the given paths and fails on every other request, so that nothing is read by
 * accident. `calls` lists the paths that were asked for, in order.
 */
export function fakeCore(baseUrl: string, answers: Readonly<Record<string, FakeAnswer>>) {
  const calls: string[] = [];
  const request = (asked: HttpRequest): Promise<HttpResponse> => {
    const path = asked.url.slice(baseUrl.length);
    calls.push(path);
    const answer = asked.url.startsWith(baseUrl) && asked.method === 'GET' ? answers[path] : undefined;
    if (answer === undefined) return Promise.reject(new Error(`Nobody expected ${asked.method} ${asked.url}`));
    return Promise.resolve(typeof answer === 'function' ? answer(asked) : answer);
  };
  return { calls, request };
}
