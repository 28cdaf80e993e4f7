import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import { StateService } from './state.service.js';

/** Longer keys are not keys; they never reach the State API. */
const MAX_KEY_LENGTH = 1_024;
/** In the State API's address they would be steps to another path, however they are encoded. */
const STEPS = new Set(['.', '..']);

/** Opens the request's scope for {@link StateService} with the key that the Marketplace's router put into the header. */
@Injectable()
export class StateMiddleware implements NestMiddleware {
  use(request: Request, _response: Response, next: NextFunction): void {
    StateService.runAs(keyOf(request), () => next());
  }
}

/** The key in a request's `x-smp-key`; undefined when there is none that could be one. */
export function keyOf({ headers }: IncomingMessage): string | undefined {
  // Node joins repeated headers with a comma; the samples take the first.
  const key = String(headers['x-smp-key'] ?? '')
    .split(',', 1)[0]
    ?.trim();
  return key && key.length <= MAX_KEY_LENGTH && !STEPS.has(key) ? key : undefined;
}
