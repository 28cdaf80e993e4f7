import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RequestError } from '../errors/request-error.js';
import { Logger } from '../log/logger.js';
import { type AcceptAnswer, WebhooksService } from './webhooks.service.js';

@Controller('webhook-notify')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly logger: Logger,
  ) {}

  /** The body arrives as text: bounded by the parser, read once by the service. */
  @Post()
  @HttpCode(200)
  async notify(@Req() request: Request): Promise<AcceptAnswer> {
    try {
      if (!request.is('application/json')) {
        throw new RequestError(415, 'not_json', 'Send the webhook as application/json in UTF-8.');
      }
      const body: unknown = request.body;
      return await this.webhooks.accept(typeof body === 'string' ? body : '');
    } catch (error) {
      if (error instanceof RequestError) {
        this.logger.write('webhook.refused', { status: error.getStatus(), code: error.code });
      }
      throw error;
    }
  }
}
