import { Injectable } from '@nestjs/common';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { ErrorAnswers } from '../errors/error-answers.js';
import { Logger } from '../log/logger.js';
import { keyOf } from '../state/state.middleware.js';
import { StateService } from '../state/state.service.js';
import { WebhooksService } from './webhooks.service.js';

const PLAIN_JSON = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/**
 * Takes webhooks as Core sends them before Express sees them: what Express and Nest do for a request costs more than
 * everything that is done with it (`docs/decisions/0011-webhook-door.md`). Whatever is not the ordinary case (another
 * type or encoding, no length, too long) goes on to Express, whose controller has the answers for it; the
 * answers to the ordinary case are the same on both ways.
 */
@Injectable()
export class WebhookDoor {
  private readonly answers: ErrorAnswers;

  constructor(
    private readonly webhooks: WebhooksService,
    logger: Logger,
  ) {
    this.answers = new ErrorAnswers(logger);
  }

  /** Puts the door before whoever answers the server's requests until now. */
  placeBefore(server: Server, maxBodyBytes: number): void {
    const behind = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (isOrdinary(request, maxBodyBytes)) this.take(request, response);
      else for (const listener of behind) listener(request, response);
    });
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      StateService.runAs(keyOf(request), () => this.webhooks.accept(body)).then(
        (answer) => send(response, 200, answer),
        (error: unknown) => {
          const { status, headers, body } = this.answers.answerTo(error, { isWebhook: true });
          send(response, status, body, headers);
        },
      );
    });
  }
}

function isOrdinary({ url, method, headers }: IncomingMessage, maxBodyBytes: number): boolean {
  return (
    url === '/webhook-notify' &&
    method === 'POST' &&
    PLAIN_JSON.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    // Node's parser holds the sender to it.
    Number(headers['content-length']) <= maxBodyBytes
  );
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
