import { HttpException, Injectable } from '@nestjs/common';
import { Logger } from '../log/logger.js';
import { QueueUnavailableError } from '../queue/queue.js';
import { RequestError } from './request-error.js';

const RETRY_AFTER_SECONDS = 5;

/** What is answered when a request fails. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: object };
}

/** The only place that turns exceptions into answers: `{"error":{"code","message"}}`, never a stack, never foreign text. */
@Injectable()
export class ErrorAnswers {
  constructor(private readonly logger: Logger) {}

  /** The answer, once the log knows of it: a refused webhook leaves a line, a bug leaves `app.failed`. */
  answerTo(error: unknown, request: { readonly isWebhook: boolean }): ErrorAnswer {
    const refusal = this.toRequestError(error);
    const { code, message } = refusal;
    const status = refusal.getStatus();
    const { fields, retryAfterSeconds, tenant } = refusal.extra;
    if (request.isWebhook) {
      this.logger.write('webhook.refused', { status, code, ...(tenant !== undefined && { tenant }) });
    }
    const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    return { status, headers, body: { error: { code, message, ...(fields && { fields }) } } };
  }

  private toRequestError(error: unknown): RequestError {
    if (error instanceof RequestError) return error;
    if (error instanceof QueueUnavailableError) return queueUnavailable();
    if (error instanceof HttpException) return knownStatus(error.getStatus()) ?? this.bug(error);
    return knownStatus(bodyParserStatus(error)) ?? this.bug(error);
  }

  private bug(error: unknown): RequestError {
    this.logger.write('app.failed', { code: 'unexpected_error' }, error);
    return new RequestError(500, 'internal_error', 'The request failed here; the operator was told.');
  }
}

/** Start and Stop meet it when the shared queue is away; that is said by /health, and is no bug. */
function queueUnavailable(): RequestError {
  const message = 'The queue does not answer at the moment; try again in a few seconds.';
  return new RequestError(503, 'queue_unavailable', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Errors of the body parser carry their HTTP status; they are not Nest's exceptions. */
function bodyParserStatus(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

function knownStatus(status: number | undefined): RequestError | undefined {
  switch (status) {
    case 400:
      return new RequestError(400, 'bad_request', 'The request could not be read.');
    case 404:
      return new RequestError(404, 'not_found', 'There is nothing at this address.');
    case 413:
      return new RequestError(413, 'body_too_large', 'The body is larger than a webhook may be.');
    case 415:
      return new RequestError(415, 'not_json', 'Send the webhook as application/json in UTF-8.');
    case 503:
      return new RequestError(503, 'unavailable', 'This instance cannot accept events at the moment.');
    default:
      return undefined;
  }
}
