import { HttpException } from '@nestjs/common';

/** A refusal at the HTTP edge: stable code, a message that says what to do, and details where there are any. */
export class RequestError extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    message: string,
    readonly extra: {
      readonly fields?: readonly { readonly field: string; readonly problem: string }[];
      readonly retryAfterSeconds?: number;
      /** Whom it concerns, as the log names it. */
      readonly tenant?: string;
    } = {},
  ) {
    super(message, status);
  }
}
