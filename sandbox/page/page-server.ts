import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalMarketplace, Section } from '../demo/local-marketplace.ts';
import { isObject, tryParseJson, type JsonObject } from '../http/json.ts';
import { listenOnLoopback, type LoopbackServer } from '../http/loopback-server.ts';
import { viewOf } from './view.ts';

/** Changes of one section within this time become one message to the page. */
const GATHER_MS = 120;
const MAX_FORM_BYTES = 100_000;

const FILES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/parts.css': { name: 'parts.css', type: 'text/css; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/dom.js': { name: 'dom.js', type: 'text/javascript; charset=utf-8' },
  '/events.js': { name: 'events.js', type: 'text/javascript; charset=utf-8' },
  '/records.js': { name: 'records.js', type: 'text/javascript; charset=utf-8' },
  '/settings.js': { name: 'settings.js', type: 'text/javascript; charset=utf-8' },
};

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** The page to watch the local Marketplace and to change its settings. */
export async function startPage(local: LocalMarketplace, port: number): Promise<LoopbackServer> {
  const server = await listenOnLoopback((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (request.headers.host !== server.host) return reply(response, 421, { message: 'unknown host' });
    if (request.method === 'GET' && path === '/live') return sendLive(local, response);
    if (request.method === 'POST' && path === '/settings')
      return void saveSettings(local, server.url, request, response).catch(() => response.destroy());
    const file = FILES[path];
    if (request.method !== 'GET' || file === undefined) return reply(response, 404, { message: 'not found' });
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file.type });
    response.end(readFileSync(new URL(`public/${file.name}`, import.meta.url)));
  }, port);
  return server;
}

/** Server-sent events: each section whole, at once and again after every change. */
function sendLive(local: LocalMarketplace, response: ServerResponse): void {
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
  const changed = new Set<Section>(['instance', 'events', 'records', 'log']);
  const send = () => {
    for (const section of changed) {
      response.write(`event: ${section}\ndata: ${JSON.stringify(viewOf(local, section))}\n\n`);
    }
    changed.clear();
  };
  send();
  let timer: NodeJS.Timeout | undefined;
  const unlisten = local.onChange((section) => {
    changed.add(section);
    timer ??= setTimeout(() => {
      timer = undefined;
      send();
    }, GATHER_MS);
  });
  response.on('close', () => {
    unlisten();
    clearTimeout(timer);
  });
}

/** Save is what it is on the platform: the new settings, then Stop and Start. Only this very page may do it. */
async function saveSettings(
  local: LocalMarketplace,
  ownOrigin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.origin !== ownOrigin) return reply(response, 403, { message: 'only from the page itself' });
  const entered = tryParseJson(await textOfBody(request));
  if (!isObject(entered)) return reply(response, 400, { message: 'the settings as an object' });
  const texts = Object.entries(entered).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  local.tenant.save(Object.fromEntries(texts));
  await local.instance.reconfigure();
  const { state, message } = local.instance;
  reply(response, 200, { state, message });
}

async function textOfBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MAX_FORM_BYTES) return '';
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
