import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule, type Foundation } from './app.module.js';
import { BoundedAdapter, oneRequestAtATime } from './bounded-adapter.js';
import { NestLogAdapter } from './log/logger.js';
import { WebhookDoor } from './webhooks/webhook-door.js';

/** Builds the program on its foundation; it does not listen yet. */
export async function createApp(foundation: Foundation): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(foundation), new BoundedAdapter(), {
    bodyParser: false,
    logger: new NestLogAdapter(foundation.logger),
    abortOnError: false,
  });
  setUpHttp(app, foundation);
  return app;
}

/** How the program speaks HTTP: what it accepts. */
export function setUpHttp(app: NestExpressApplication, { config }: Pick<Foundation, 'config'>): void {
  app.disable('x-powered-by');
  app.disable('etag');
  // Text, not JSON: the accept path parses once, with its own checks.
  app.useBodyParser('text', { type: 'application/json', limit: config.maxBodyBytes });
  // Before Express: Nest's middleware, guards, interceptors and filters do not see ordinary webhooks
  // (docs/decisions/0011-webhook-door.md). What is to hold for all webhooks belongs into WebhooksService.
  app.get(WebhookDoor).placeBefore(app.getHttpServer(), config.maxBodyBytes);
  oneRequestAtATime(app.getHttpServer());
}
