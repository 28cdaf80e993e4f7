import { Module } from '@nestjs/common';
import { ACCEPT_LIMITS, AcceptLimiter, PRODUCTION_LIMITS } from './accept-limiter.js';
import { WebhookDoor } from './webhook-door.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({
  controllers: [WebhooksController],
  providers: [{ provide: ACCEPT_LIMITS, useValue: PRODUCTION_LIMITS }, AcceptLimiter, WebhooksService, WebhookDoor],
})
export class WebhooksModule {}
