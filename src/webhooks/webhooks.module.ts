import { Module } from '@nestjs/common';
import { AcceptLimiter } from './accept-limiter.js';
import { WebhookDoor } from './webhook-door.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  controllers: [WebhooksController],
  providers: [{ provide: AcceptLimiter, useFactory: () => new AcceptLimiter() }, WebhooksService, WebhookDoor],
})
export class WebhooksModule {}
