import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RequestError } from '../errors/request-error.js';
import { type AcceptAnswer, WebhooksService } from './webhooks.service.js';

@Controller('webhook-notify')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  /** The body arrives as text: bounded by the parser, read once by the service. */
  @Post()
  @HttpCode(200)
  notify(@Req() request: Request): Promise<AcceptAnswer> {
    if (!request.is('application/json')) {
      throw new RequestError(415, 'not_json', 'Send the webhook as application/json in UTF-8.');
    }
    const body: unknown = request.body;
    return this.webhooks.accept(typeof body === 'string' ? body : '');
  }
}
