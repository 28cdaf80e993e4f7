import { createConnection, type Socket } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;
/** `HTTP/1.1 200`: where the status stands. */
const STATUS_AT = 9;

/**
 * One kept-open connection that sends whole requests and tells of each whole answer. It knows just enough of HTTP for
 * answers with a `Content-Length`, because a load generator must be cheaper than what it drives: autocannon with a body of
 * its own for each request took 1.3 times the processor time of the bare server, this takes two thirds of it.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #onAnswer: (status: number) => void;
  #received = '';

  /**
   * @param onAnswer called for every answer, in the order of the requests
   * @param onLost called once, when the connection ends or an answer cannot be read
   */
  constructor(port: number, onAnswer: (status: number) => void, onLost: (reason: string) => void) {
    this.#onAnswer = onAnswer;
    this.#socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#receive(chunk));
    let failure = 'closed';
    this.#socket.on('error', (error) => (failure = error.message));
    this.#socket.on('close', () => onLost(failure));
  }

  send(request: string): void {
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    for (;;) {
      const headEnd = this.#received.indexOf(END_OF_HEAD);
      if (headEnd < 0) return;
      const head = this.#received.slice(0, headEnd);
      const length = CONTENT_LENGTH.exec(head)?.[1];
      if (length === undefined) {
        this.#socket.destroy(new Error('An answer without a Content-Length cannot be read here.'));
        return;
      }
      const end = headEnd + END_OF_HEAD.length + Number(length);
      if (this.#received.length < end) return;
      this.#received = this.#received.slice(end);
      this.#onAnswer(Number(head.slice(STATUS_AT, STATUS_AT + 3)));
    }
  }
}
