import type { ServerResponse } from 'node:http';
import { bodyOf, closeServer, listen, type RunningApp } from './running-app.js';

export type Json = Readonly<Record<string, unknown>>;
/** What Core does with one call. */
export type Answer = (response: ServerResponse) => void;

export const textAnswer =
  (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);
export const jsonAnswer = (body: unknown) => textAnswer(JSON.stringify(body));
const NOT_FOUND = textAnswer('{}', 404);

export type FakeCore = Awaited<ReturnType<typeof startCore>>;

/**
 * A Core that answers by path and query, as the test says at the time; what it does not know is 404.
 *
 * @param below answers to every path that begins so and is not known by itself
 */
export async function startCore(
  initially: ReadonlyMap<string, Answer>,
  below: ReadonlyMap<string, Answer> = new Map<string, Answer>(),
) {
  const calls: { readonly path: string; readonly atMs: number }[] = [];
  const answers = new Map(initially);
  const { server, url } = await listen((request, response) => {
    const path = request.url ?? '';
    calls.push({ path, atMs: performance.now() });
    const [, general = NOT_FOUND] = [...below].find(([beginning]) => path.startsWith(beginning)) ?? [];
    (answers.get(path) ?? general)(response);
  });
  const recovers = () => initially.forEach((answer, path) => answers.set(path, answer));
  return { url, calls, answers, recovers, close: () => closeServer(server) };
}

/** A CRM that takes every record and remembers them in the order in which they came. */
export async function startCrm() {
  const records: Json[] = [];
  const { server, url } = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      // Safe: this is what the app itself has just sent.
      records.push(...((JSON.parse(body) as { readonly records: readonly Json[] }).records ?? []));
      response.end();
    });
  });
  return { url: `${url}/records`, records, close: () => closeServer(server) };
}

/** From now on this key means a tenant of that name, with this Core and this CRM. */
export function connectTenant(
  app: RunningApp,
  { key, coreUrl, crmUrl }: { readonly key: string; readonly coreUrl: string; readonly crmUrl: string },
): void {
  const settings = { target: 'rest', profile: 'all', 'api-url': crmUrl, auth: 'none' };
  const body = { settings, socotraApiUrl: coreUrl, token: 'core-token', tenantHostName: `${key}.example` };
  app.states.set(key, { status: 200, body });
}

export interface Ring {
  readonly id: string;
  readonly type: string;
  readonly data: Json;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** Core's webhook rings, and the app answers. */
export async function ring(app: RunningApp, key: string, { id, type, data, atMs }: Ring): Promise<Response> {
  return fetch(`${app.url}/webhook-notify`, {
    method: 'POST',
    body: JSON.stringify({ id, type, timestamp: String(atMs), data }),
    headers: { 'content-type': 'application/json', 'x-smp-key': key },
  });
}
