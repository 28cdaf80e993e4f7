import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Slow clients are cut: a webhook is under 1 kB. */
const BOUNDS: ServerOptions = {
  headersTimeout: 10_000,
  /** The whole request, body included. */
  requestTimeout: 15_000,
  /** How often it is looked who is too slow; Node's own 30 s would let everybody have half a minute more. */
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
  /**
   * Longer than routers keep a connection to what is behind them (60 s is common), so that it is the router that closes it:
   * a webhook that crosses our closing is lost until catch-up finds it. A client that is told 70 s gets ten more, because
   * within the plan's share of a processor its bytes may lie there for seconds before they are read.
   */
  keepAliveTimeout: 70_000,
  keepAliveTimeoutBuffer: 10_000,
};
/** Of these many the rest is not read: the Marketplace's router adds a handful to what a browser sends. */
const MOST_HEADERS = 100;
/** With bodies of the largest size on all of them, one at a time, what they hold stays within a third of the plan's memory. */
const MOST_CONNECTIONS = 512;
/** From here on nobody keeps a connection that it does not use. */
const CROWDED_CONNECTIONS = 384;
/**
 * Longer than any answer takes (Start and Stop have 50 s). On a connection on which nothing moves for so long somebody does
 * not take the answer, which nothing else would ever end.
 */
const STILL_MS = 60_000;

/** At the end: how often it is looked whose last answer is written, and when connections without a request are closed. */
const LOOK_AGAIN_MS = 100;
const SILENT_MS = 1_000;

/**
 * Has a connection ask one thing at a time, whoever answers: Node hands over all that somebody sends in a row without waiting
 * for answers, so that one connection could have as many requests answered at the same time as find room in its bytes.
 */
export function oneRequestAtATime(server: Server): void {
  const behind = server.listeners('request') as RequestListener[];
  const unanswered = new WeakMap<Socket, ServerResponse>();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    // What came in the same piece is handed over also when the connection is closed already.
    if (socket.destroyed) return;
    if (unanswered.get(socket)?.writableEnded === false) return void socket.destroy();
    unanswered.set(socket, response);
    for (const listener of behind) listener(request, response);
  });
}

/** Express on a server that bounds what a client may take (time, headers, connections) and that nobody keeps from ending. */
export class BoundedAdapter extends ExpressAdapter {
  private readonly sockets = new Set<Socket>();

  override initHttpServer(): void {
    const server = createServer(BOUNDS, this.getInstance());
    server.maxHeadersCount = MOST_HEADERS;
    server.maxConnections = MOST_CONNECTIONS;
    server.timeout = STILL_MS;
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      if (this.sockets.size > CROWDED_CONNECTIONS) server.closeIdleConnections();
    });
    this.setHttpServer(server);
  }

  /** The end has begun: whoever is answered from now on is told that the connection ends with that. */
  override beforeClose(): void {
    super.beforeClose();
    const server: Server = this.getHttpServer();
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  }

  /**
   * Takes no more connections, and resolves when the last one is closed. Node closes only those that are idle right now: not
   * those whose request is just being answered, nor those on which nobody has ever said anything.
   */
  override async close(): Promise<void> {
    const server: Server = this.getHttpServer();
    const looking = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
    const silence = setTimeout(() => {
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
    }, SILENT_MS);
    await super.close();
    clearInterval(looking);
    clearTimeout(silence);
  }
}
