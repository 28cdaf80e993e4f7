import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { cpuMicros, memoryUse, type MemoryUse } from './process-usage.ts';

/** One of the programs that the app is compared with, in a process of its own. */
export class Yardstick {
  readonly port: number;
  /** From the start of the process until it listened. */
  readonly startedIn: { readonly wallMs: number; readonly cpuMicros: number };
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, wallMs: number) {
    this.#child = child;
    this.port = port;
    this.startedIn = { wallMs, cpuMicros: this.cpuMicros() };
  }

  /** @param name of the file in `bench/yardsticks`; it listens on `PORT` and says so with a message */
  static async start(name: string, environment: Readonly<Record<string, string>> = {}): Promise<Yardstick> {
    const port = await freePort();
    const startedMs = performance.now();
    const child = fork(programOf(name), [], {
      execArgv: [],
      env: { NODE_ENV: 'production', TZ: 'UTC', PORT: String(port), ...environment },
    });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`The yardstick ${name} did not start.`)));
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new Yardstick(child, port, performance.now() - startedMs);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process did not start.');
    return this.#child.pid;
  }

  cpuMicros(): number {
    return cpuMicros(this.pid);
  }

  memory(): MemoryUse {
    return memoryUse(this.pid);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/**
 * What is measured from its start is JavaScript, as the app is: to take the types out costs Node 40 ms and 15 MB. So are Nest's
 * classes without a compiler; everything else is TypeScript.
 */
function programOf(name: string): string {
  const [typed = '', plain = ''] = ['ts', 'js'].map((ending) =>
    fileURLToPath(new URL(`../yardsticks/${name}.${ending}`, import.meta.url)),
  );
  return existsSync(typed) ? typed : plain;
}
