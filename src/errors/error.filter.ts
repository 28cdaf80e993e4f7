import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Logger } from '../log/logger.js';
import { ErrorAnswers } from './error-answers.js';

/** Answers what fails on Express's way; {@link ErrorAnswers} says how. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly answers: ErrorAnswers;

  constructor(private readonly logger: Logger) {
    this.answers = new ErrorAnswers(logger);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      this.logger.write('app.failed', { code: 'answer_already_sent' }, error);
      return;
    }
    const request = host.switchToHttp().getRequest<Request>();
    const { status, headers, body } = this.answers.answerTo(error, { isWebhook: isWebhook(request) });
    response.set(headers).status(status).json(body);
  }
}

/** Refusals before the controller (too large, say) leave the same line as those in it. */
function isWebhook({ method, path }: Request): boolean {
  return method === 'POST' && path === '/webhook-notify';
}
