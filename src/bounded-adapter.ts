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
};
/** Of these many the rest is not read: the Marketplace's router adds a handful to what a browser sends. */
const MOST_HEADERS = 100;
/** With bodies of the largest size on all of them, what they hold stays within a third of the plan's memory. */
const MOST_CONNECTIONS = 512;

/** Express on a server that bounds what a client may take: time, headers, connections. */
export class BoundedAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    const server = createServer(BOUNDS, this.getInstance());
    server.maxHeadersCount = MOST_HEADERS;
    server.maxConnections = MOST_CONNECTIONS;
    this.setHttpServer(server);
  }
}
