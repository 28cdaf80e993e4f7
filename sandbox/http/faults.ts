import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from './json.ts';
import type { ReceivedRequest, Reply } from './loopback-server.ts';

/** How a stand-in misbehaves on request. */
export interface Fault {
  /** Matches the beginning of the path. */
  readonly path: string;
  readonly method?: string;
  /** Of the requests with this path and method only those that this is true of. */
  readonly when?: (request: ReceivedRequest) => boolean;
  /** How many requests it meets; default 1. */
  readonly times?: number;
  /** Waits before answering, milliseconds. */
  readonly delayMs?: number;
  /** The status to answer; without one the request is handled as usual (after the delay). */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
  /** Instead of a body: exactly this. */
  readonly text?: string;
  /** Does the work, then cuts the connection: the caller cannot know whether it was done. */
  readonly cutAfterCommit?: boolean;
}

/** The faults waiting for their request, first come first served. */
export class Faults {
  readonly #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** Handles the request, or lets the first matching fault do so. */
  async around(request: ReceivedRequest, handle: () => Promise<Reply>): Promise<Reply | 'hang-up'> {
    const fault = this.#take(request);
    if (fault === undefined) return handle();
    if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
    if (fault.cutAfterCommit === true) {
      await handle();
      return 'hang-up';
    }
    if (fault.status === undefined) return handle();
    const { status, headers = {}, body, text } = fault;
    return { status, headers, body, ...(text !== undefined && { text }) };
  }

  #take(request: ReceivedRequest): Fault | undefined {
    const index = this.#waiting.findIndex(
      ({ fault: { path, method = request.method, when } }) =>
        request.path.startsWith(path) && method === request.method && (when === undefined || when(request)),
    );
    const found = this.#waiting[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting.splice(index, 1);
    return found.fault;
  }
}
