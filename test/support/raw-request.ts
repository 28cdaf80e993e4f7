import { connect, type Socket } from 'node:net';

/** What came back over one connection until it ended, or until the first answer was whole. */
export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly tookMs: number;
}

/**
 * Sends bytes as they are over a connection of their own.
 *
 * @param send writes to the socket; what it writes is up to the test
 */
export function rawRequest(url: string, send: (socket: Socket) => void): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => send(socket));
    const end = () => {
      socket.destroy();
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status, head, body, tookMs: performance.now() - startedMs });
    };
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (isWhole(text)) end();
    });
    socket.on('close', end);
    // A connection that is cut while something is still being sent ends with an error; `close` follows.
    socket.on('error', () => undefined);
  });
}

function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && Buffer.byteLength(body) >= Number(length);
}
