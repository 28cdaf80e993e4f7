import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { JsonValue } from './json.ts';

/** A request whose body was read whole: the stand-ins are small and so are their bodies. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: JsonValue | undefined;
  /** Instead of a body: exactly this, for answers that are no JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  close(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens on loopback only. Port 0 takes any free one. */
export async function listenOnLoopback(listener: Listener, port = 0): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${portOf(server)}`;
  return { url: `http://${host}`, host, close: () => closeServer(server) };
}

/** A listener for handlers that read the whole body and answer with one {@link Reply}; `'hang-up'` cuts the connection. */
export function jsonListener(handle: (request: ReceivedRequest) => Promise<Reply | 'hang-up'>): Listener {
  return (request, response) => {
    readRequest(request)
      .then(handle)
      .then((reply) => {
        if (reply === 'hang-up') response.destroy();
        else sendReply(response, reply);
      })
      .catch(() => {
        // The caller went away, or the handler has a bug: either way the caller must not wait for ever.
        if (response.headersSent) response.destroy();
        else sendReply(response, { status: 500, body: { message: 'the stand-in failed' } });
      });
  };
}

/** First value of a header that Node may give as a list. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const url = new URL(request.url ?? '/', 'http://loopback');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(Object.keys(request.headers).map((name) => [name, headerOf(request, name)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function sendReply(response: ServerResponse, reply: Reply): void {
  const body = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...reply.headers });
  response.end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
