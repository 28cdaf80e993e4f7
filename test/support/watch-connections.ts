import { Socket } from 'node:net';

/** One address that this process has tried to connect to. */
export type Attempt = `${string} ${number}`;

/** Notes every address that this process tries to connect to, whoever asks for it, until `stop`. */
export function watchConnections(): { readonly attempts: Attempt[]; stop(): void } {
  const attempts: Attempt[] = [];
  const emit = Object.getOwnPropertyDescriptor(Socket.prototype, 'emit');
  const inherited: (this: Socket, name: string | symbol, ...values: unknown[]) => boolean = Socket.prototype.emit;
  // Node tells of each address right before it connects to it; no other place sees all of them.
  Socket.prototype.emit = function (this: Socket, name: string | symbol, ...values: unknown[]): boolean {
    if (name === 'connectionAttempt') attempts.push(`${String(values[0])} ${Number(values[1])}`);
    return inherited.call(this, name, ...values);
  };
  return {
    attempts,
    stop: () => {
      if (emit) Object.defineProperty(Socket.prototype, 'emit', emit);
      else Reflect.deleteProperty(Socket.prototype, 'emit');
    },
  };
}
