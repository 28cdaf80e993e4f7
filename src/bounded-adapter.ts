import { createServer, type ServerOptions } from 'node:http';
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
/** With bodies of the largest size on all of them, what they hold stays within a third of the plan's memory. */
const MOST_CONNECTIONS = 512;
/** From here on nobody keeps a connection that it does not use. */
const CROWDED_CONNECTIONS = 384;

/** Express on a server that bounds what a client may take: time, headers, connections. */
export class BoundedAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    const server = createServer(BOUNDS, this.getInstance());
    server.maxHeadersCount = MOST_HEADERS;
    server.maxConnections = MOST_CONNECTIONS;
    let connections = 0;
    server.on('connection', (socket) => {
      connections += 1;
      socket.once('close', () => (connections -= 1));
      if (connections > CROWDED_CONNECTIONS) server.closeIdleConnections();
    });
    this.setHttpServer(server);
  }
}
