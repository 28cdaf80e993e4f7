import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How somebody outside can be reached.
 * - `refused`: nobody listens.
 * - `silent`: connections are taken, requests are not answered and do not get through.
 * - `answers lost`: requests get through and are carried out; the answer never comes.
 * - `unwell`: every request is answered 503.
 */
export type GateState = 'open' | 'refused' | 'silent' | 'answers lost' | 'unwell';

const UNWELL = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
const LISTEN_AGAIN_MS = 20;

/** A place on the way to a server on loopback where the connection can be disturbed, without the server's knowledge. */
export class Gate {
  readonly port: number;
  readonly #behind: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #state: GateState = 'open';

  private constructor(behind: number, server: Server, port: number) {
    this.#behind = behind;
    this.#server = server;
    this.port = port;
    server.on('connection', (socket) => this.#take(socket));
  }

  /** @param host `127.0.0.1:<port>` of the server behind it */
  static async before(host: string): Promise<Gate> {
    const server = createServer();
    const port = await listen(server, 0);
    return new Gate(Number(host.split(':')[1]), server, port);
  }

  /** `127.0.0.1:<port>`, to be named instead of the server's own. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections that exist are cut with every change: they may be in the middle of an exchange. */
  async become(state: GateState): Promise<void> {
    const before = this.#state;
    this.#state = state;
    for (const socket of this.#sockets) socket.destroy();
    if (state === 'refused' && before !== 'refused') await new Promise((resolve) => this.#server.close(resolve));
    if (state !== 'refused' && before === 'refused') await this.#listenAgain();
  }

  async close(): Promise<void> {
    await this.become('refused');
  }

  #take(socket: Socket): void {
    this.#keep(socket);
    if (this.#state === 'unwell') {
      socket.once('data', () => socket.end(UNWELL));
      return;
    }
    if (this.#state === 'silent') return void socket.resume();
    const onward = connect(this.#behind, '127.0.0.1');
    this.#keep(onward);
    socket.pipe(onward);
    if (this.#state === 'answers lost') onward.resume();
    else onward.pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #listenAgain(): Promise<void> {
    for (;;) {
      const server = createServer((socket) => this.#take(socket));
      const isListening = await listen(server, this.port).then(
        () => true,
        () => false,
      );
      if (isListening) {
        this.#server = server;
        return;
      }
      await sleep(LISTEN_AGAIN_MS);
    }
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate has no TCP port');
  return address.port;
}
