import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { imageEnvironment } from '../../sandbox/app-process/image-environment.ts';
import { appArguments } from './app-command.ts';
import { endsWithUs } from './children.ts';
import type { ControlGroup } from './control-group.ts';
import { freePort } from './free-port.ts';
import { LogCount } from './log-count.ts';
import { cpuMicros, memoryUse, type MemoryUse } from './process-usage.ts';
import type { Surroundings } from './surroundings/surroundings.ts';

export interface BenchAppOptions {
  readonly surroundings: Surroundings;
  /** Folder of the queue file; stays. */
  readonly dataDir: string;
  /** On top of the benchmarks' own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of `node`, before those of the app. */
  readonly flags?: readonly string[];
  /** Limits the app lives in from its first instruction on. */
  readonly group?: ControlGroup;
  readonly healthyWithinMs?: number;
}

const PROBE_EVERY_MS = 10;
const HEALTHY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 30_000;
const POLL_MS = 10;
/** Patient: a machine that is shared may be many times slower than it was a minute ago. */
const LINES_WITHIN_MS = 600_000;

/** The built app in a process of its own, with nothing but loopback around it. */
export class BenchApp {
  readonly log = new LogCount();
  readonly port: number;
  /** From the start of the process until `/health` answered 200. */
  readonly startedIn: { readonly wallMs: number; readonly cpuMicros: number };
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, log: LogCount, startedIn: BenchApp['startedIn']) {
    this.#child = child;
    this.port = port;
    this.log = log;
    this.startedIn = startedIn;
  }

  /** Starts the app and waits until it is healthy. */
  static async start(options: BenchAppOptions): Promise<BenchApp> {
    const port = await freePort();
    const log = new LogCount();
    const command = [process.execPath, ...(options.flags ?? []), ...appArguments()];
    const [program = '', ...rest] = options.group?.inside(command) ?? command;
    const startedMs = performance.now();
    const child = spawn(program, rest, {
      cwd: options.dataDir,
      env: { ...environmentOf(options, port), ...options.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    endsWithUs(child);
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => log.add(chunk));
    const deadlineMs = startedMs + (options.healthyWithinMs ?? HEALTHY_WITHIN_MS);
    while (!(await isHealthy(port))) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadlineMs) {
        child.kill('SIGKILL');
        throw new Error(`The app did not become healthy. ${log.lastProblems()}`);
      }
      await sleep(PROBE_EVERY_MS);
    }
    const startedIn = { wallMs: performance.now() - startedMs, cpuMicros: cpuMicros(pidOf(child)) };
    return new BenchApp(child, port, log, startedIn);
  }

  get pid(): number {
    return pidOf(this.#child);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  cpuMicros(): number {
    return cpuMicros(this.pid);
  }

  memory(): MemoryUse {
    return memoryUse(this.pid);
  }

  /** Probes as the Marketplace's router does, with each tenant's key, so that the app knows these tenants. */
  async makeKnown(tenants: number, first = 0): Promise<void> {
    for (let tenant = first; tenant < first + tenants; tenant++) await isHealthy(this.port, `key-${tenant}`);
  }

  /** Waits until so many lines of this kind were written since the start. */
  async lines(event: string, count: number, withinMs = LINES_WITHIN_MS): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    while (this.log.of(event) < count) {
      if (!this.running || performance.now() > deadlineMs) {
        throw new Error(`${this.log.of(event)} of ${count} lines ${event}. ${this.log.lastProblems()}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** Ends as on the platform; after half a minute without mercy. */
  async end(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), ENDS_WITHIN_MS);
    this.#child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }
}

function environmentOf({ surroundings, dataDir }: BenchAppOptions, port: number): Record<string, string> {
  const { state, core, target, dead } = surroundings.ports;
  return {
    // Nothing of this shell's environment: the app gets what the platform gives it.
    NODE_ENV: 'production',
    ...imageEnvironment(),
    SMP_PORT: String(port),
    SMP_STATE_API: `http://127.0.0.1:${state}`,
    DATA_DIR: dataDir,
    ALLOW_PRIVATE_TARGETS: [core, target, dead].map((open) => `127.0.0.1:${open}`).join(','),
    CATCH_UP_INTERVAL_MS: '0',
    TZ: 'UTC',
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The process did not start.');
  return child.pid;
}

function isHealthy(port: number, key?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = key === undefined ? {} : { 'x-smp-key': key };
    const request = get({ host: '127.0.0.1', port, path: '/health', headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    request.on('error', () => resolve(false));
  });
}
