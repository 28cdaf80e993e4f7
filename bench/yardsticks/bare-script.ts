import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Agent, request as call } from 'undici';
import type { EventCalls } from '../kit/event-calls.ts';
import { KeptEvents } from './kept-events.ts';

const { PORT, CORE = '', TARGET = '', CALLS = '{}', FOLDER } = process.env;
/** With `FOLDER` an event is kept before its calls and forgotten after them; without, what fails is lost. */
const events = FOLDER === undefined ? undefined : new KeptEvents(join(FOLDER, 'events.sqlite'));

interface Webhook {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

const callsOf = JSON.parse(CALLS) as Readonly<Record<string, EventCalls>>;
const dispatcher = new Agent({ connections: 16 });
const HEADERS = { authorization: 'Bearer bench', accept: 'application/json' };

/** `/policy/:locator/…` is read by the policy's locator, `/quotes/:locator` by the quote's, and so on. */
function locatorFor(path: string, { data }: Webhook, policyholder: string): string {
  if (path.startsWith('/policyholder/')) return policyholder;
  if (path.startsWith('/quotes/')) return data.quoteLocator ?? '';
  if (path.startsWith('/payments/')) return data.paymentLocator ?? '';
  return data.policyLocator ?? '';
}

/**
 * The same HTTP calls as the app's and nothing else: reads from Core what the app reads, one after the other because one
 * names the next, posts to the target as often as the app does. Nothing is checked, compared, signed or translated.
 */
async function forward(event: Webhook): Promise<void> {
  const { core, posts } = callsOf[event.type] ?? { core: [], posts: 0 };
  let policyholder = '';
  for (const path of core) {
    const url = CORE + path.replace(':locator', locatorFor(path, event, policyholder));
    const answer = await call(url, { dispatcher, headers: HEADERS });
    const entity = (await answer.body.json()) as { readonly policyholderLocator?: string };
    policyholder = entity.policyholderLocator ?? policyholder;
  }
  for (let post = 0; post < posts; post++) {
    const answer = await call(TARGET, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ specVersion: '1', records: [{ key: `${event.id}-${post}`, fields: event }] }),
    });
    await answer.body.json();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return body;
}

const server = createServer((request, response) => {
  void bodyOf(request).then(async (body) => {
    const event = JSON.parse(body) as Webhook;
    await events?.keep(event.id, body);
    await forward(event);
    await events?.forget(event.id);
    const text = JSON.stringify({ status: 'done', id: event.id });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
