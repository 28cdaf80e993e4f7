import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuProfile } from './cpu-profile.ts';

const CONNECTS_WITHIN_MS = 10_000;
const SAMPLING_MICROS = 500;

interface Reply {
  readonly id?: number;
  readonly result?: { readonly profile?: CpuProfile };
}

/** Node's inspector of another process, so that a profile begins when the process is warm (Chrome DevTools Protocol). */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  /** @param port given to `--inspect` */
  static async connect(port: number): Promise<Inspector> {
    const socket = new WebSocket(await addressOf(port));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  /** Profiles the process while `work` goes on. */
  async profile(work: () => Promise<unknown>): Promise<CpuProfile> {
    await this.#ask('Profiler.enable');
    await this.#ask('Profiler.setSamplingInterval', { interval: SAMPLING_MICROS });
    await this.#ask('Profiler.start');
    await work();
    const { result } = await this.#ask('Profiler.stop');
    if (result?.profile === undefined) throw new Error('The inspector gave no profile.');
    return result.profile;
  }

  close(): void {
    this.#socket.close();
  }

  #ask(method: string, params: object = {}): Promise<Reply> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function addressOf(port: number): Promise<string> {
  const untilMs = performance.now() + CONNECTS_WITHIN_MS;
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [first] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (first !== undefined) return first.webSocketDebuggerUrl;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    await sleep(50);
  }
}
