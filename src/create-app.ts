import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { AppModule, type Foundation } from './app.module.js';
import { NestLogAdapter } from './log/logger.js';
import { WebhookDoor } from './webhooks/webhook-door.js';

/** Slow clients are cut: a webhook is under 1 kB. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Builds the program on its foundation; it does not listen yet. */
export async function createApp(foundation: Foundation): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(foundation), new ExpressAdapter(), {
    bodyParser: false,
    logger: new NestLogAdapter(foundation.logger),
    abortOnError: false,
  });
  setUpHttp(app, foundation);
  return app;
}

/** How the program speaks HTTP: what it accepts, and for how long. */
export function setUpHttp(app: NestExpressApplication, { config }: Pick<Foundation, 'config'>): void {
  app.disable('x-powered-by');
  app.disable('etag');
  // Text, not JSON: the accept path parses once, with its own checks.
  app.useBodyParser('text', { type: 'application/json', limit: config.maxBodyBytes });
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  app.get(WebhookDoor).placeBefore(server, config.maxBodyBytes);
}
