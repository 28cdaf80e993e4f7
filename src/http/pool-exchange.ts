import type { Dispatcher } from 'undici';
import { AnswerRoom } from './answer-room.js';

/** One request with the bounds of its exchange. */
export interface PooledRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whole exchange, from connect to the last byte. */
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
}

export interface PooledAnswer {
  readonly status: number;
  /** Names in lower case, repeated ones joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects with a coded error when no whole answer came. */
export type PoolExchange = (request: PooledRequest) => Promise<PooledAnswer>;

/** The answer is larger than the caller is willing to hold, or than this process can hold now. */
export class AnswerTooLargeError extends Error {
  readonly code = 'answer_too_large';
}

/** The exchange took longer than it may. */
export class ExchangeTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Answers of 1xx before the real one; a server may send one or two, never a stream of them. */
const MOST_ANNOUNCEMENTS = 10;

const NOTHING = Buffer.alloc(0);

/** What may stand in a header's value; anything else is left out, so that no value can bring a second header along. */
const NOT_IN_A_HEADER = /[^\t\x20-\x7e\x80-\xff]/g;

/**
 * Exchanges over an undici pool on the lowest level that it offers: no stream, no signal and no copy of the request per
 * call, which made up half of a call's CPU; that layer was left out by decision (`docs/decisions/0011-webhook-door.md`).
 * Redirects are never followed.
 */
export function poolExchange(pool: Dispatcher, room = new AnswerRoom()): PoolExchange {
  return (request) => {
    const reader = new AnswerReader(request.totalMs, request.maxAnswerBytes, room);
    const { origin, pathname, search } = new URL(request.url);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = value.replace(NOT_IN_A_HEADER, '');
    const { method, body = null } = request;
    pool.dispatch({ origin, path: pathname + search, method, headers, body }, reader);
    return reader.answer;
  };
}

/** Collects one answer within its bounds. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly answer: Promise<PooledAnswer>;
  private readonly timer: NodeJS.Timeout;
  /** In one block: kept part by part, each of a single byte would take more than a hundred. */
  private bytes: Buffer = NOTHING;
  private size = 0;
  private announcements = 0;
  private status = 0;
  private headers: Record<string, string> = {};
  private controller: Dispatcher.DispatchController | undefined;
  private failure: Error | undefined;
  private resolve!: (answer: PooledAnswer) => void;
  private reject!: (error: Error) => void;

  constructor(
    totalMs: number,
    private readonly maxAnswerBytes: number,
    private readonly room: AnswerRoom,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.timer = setTimeout(() => this.fail(new ExchangeTimeoutError('The exchange took too long.')), totalMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It waited for a free connection until its time was over.
    if (this.failure) controller.abort(this.failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx announce an answer that is still to come.
    if (status < 200) {
      this.announcements += 1;
      if (this.announcements > MOST_ANNOUNCEMENTS) this.fail(tooLarge());
      return;
    }
    this.status = status;
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value !== undefined) this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, part: Buffer): void {
    if (this.failure) return;
    const isTooMuch = this.size + part.length > this.maxAnswerBytes;
    if (isTooMuch || !this.room.take(this.size, part.length)) return this.fail(tooLarge());
    this.append(part);
  }

  private append(part: Buffer): void {
    const end = this.size + part.length;
    // Most answers come in one part, which is not copied: what follows finds no room in it and goes to another block.
    if (this.size === 0) this.bytes = part;
    else {
      if (end > this.bytes.length) {
        const larger = Buffer.allocUnsafe(Math.min(2 * end, this.maxAnswerBytes));
        this.bytes.copy(larger, 0, 0, this.size);
        this.bytes = larger;
      }
      part.copy(this.bytes, this.size);
    }
    this.size = end;
  }

  onResponseEnd(): void {
    const bytes = this.bytes.subarray(0, this.size);
    this.end();
    // It is whole, so the connection is good for the next one.
    if (!this.room.hasRoomToParse(bytes)) return this.reject(tooLarge());
    this.resolve({ status: this.status, headers: this.headers, body: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.end();
    this.reject(error);
  }

  /** Gives the exchange up: the connection is closed, because the rest of the answer would stand in the next one's way. */
  private fail(error: Error): void {
    this.end();
    this.failure = error;
    this.controller?.abort(error);
    this.reject(error);
  }

  private end(): void {
    clearTimeout(this.timer);
    this.room.giveBack(this.size);
    this.bytes = NOTHING;
    this.size = 0;
  }
}

function tooLarge(): AnswerTooLargeError {
  return new AnswerTooLargeError('The answer is larger than allowed.');
}
