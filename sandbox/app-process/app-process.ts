import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { imageEnvironment } from './image-environment.ts';
import { LogLines } from './log-lines.ts';

const STORY_CLOCK = new URL('./story-clock.js', import.meta.url);
const LINES_KEPT = 2000;
const FIRST_PORT = 15_000;
const PORTS_OF_A_PART = 500;
const PARTS = 30;
const CLOCK_ACKNOWLEDGED_WITHIN_MS = 60_000;

export interface AppSurroundings {
  /** Base address of the State API. */
  readonly stateApi: string;
  /** `host:port` of everything on loopback that the app may reach. */
  readonly allowed: readonly string[];
  /** Story time in milliseconds. */
  readonly now: () => number;
  /** Compiled entry point. */
  readonly main: URL;
  /** Variables on top of the demo's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that are loaded into the process before the app. */
  readonly preloads?: readonly URL[];
}

/** The built app in a process of its own, as the platform would run its container. */
export class AppProcess {
  readonly log = new LogLines(LINES_KEPT);
  readonly port: number;
  readonly #around: AppSurroundings;
  /** Folder of the app's queue; it stays until `dispose`, its content until `loseDisk`. */
  readonly dataDir: string;
  #child: ChildProcess | undefined;

  private constructor(around: AppSurroundings, port: number, dataDir: string) {
    this.#around = around;
    this.port = port;
    this.dataDir = dataDir;
  }

  /** Takes a free port and an empty data folder; nothing runs yet. */
  static async prepare(around: AppSurroundings): Promise<AppProcess> {
    return new AppProcess(around, await freePort(), await mkdtemp(join(tmpdir(), 'socotra-sync-demo-')));
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How the last process ended: what it said itself, null when a signal ended it or it still runs. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Of the process that runs. */
  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  /**
   * Starts the process, on the same data folder as before; does nothing while it runs.
   *
   * @param environment variables for this one life of it
   */
  start(environment: Readonly<Record<string, string>> = {}): void {
    if (this.running) return;
    const preloads = [STORY_CLOCK, ...(this.#around.preloads ?? [])].flatMap(({ href }) => ['--import', href]);
    const child = spawn(process.execPath, [...preloads, fileURLToPath(this.#around.main)], {
      cwd: this.dataDir,
      env: { ...this.#environment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: Ctrl-C in the terminal must not reach the app before the platform has said stop.
      detached: true,
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output !== null) createInterface({ input: output }).on('line', (line) => this.log.add(line));
    }
    this.#child = child;
  }

  /** Moves the app's clock to story time and waits until the app has taken it over. */
  async setClock(storyTimeMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running || !child.connected) return;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(CLOCK_ACKNOWLEDGED_WITHIN_MS)]);
    // Whoever dies in between needs no clock any more.
    const acknowledged = Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
    child.send({ storyTimeMs }, () => undefined);
    await acknowledged.finally(() => over.abort());
  }

  /** Sends a signal and waits for nothing. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    if (this.running) this.#child?.kill(name);
  }

  /** Sends a signal and waits for the end; after `withinMs` the process is killed. */
  async kill(signal: 'SIGTERM' | 'SIGKILL', withinMs = 15_000): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
  }

  /** What the app kept is gone, as in a new container; only while it does not run. */
  async loseDisk(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
    await mkdir(this.dataDir);
  }

  /** Ends the process and removes its data folder. */
  async dispose(): Promise<void> {
    await this.kill('SIGTERM');
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    const { stateApi, allowed, now, environment } = this.#around;
    return {
      // Nothing of this shell's environment: the app gets what the platform gives it, and quick times for the demo.
      ...imageEnvironment(),
      SMP_PORT: String(this.port),
      SMP_STATE_API: stateApi,
      DATA_DIR: this.dataDir,
      ALLOW_PRIVATE_TARGETS: allowed.join(','),
      LOG_LEVEL: 'info',
      SETTLE_MS: '150',
      SETTLE_MAX_MS: '1000',
      RETRY_SCHEDULE_MS: '300,600,1200,2400,5000,5000,5000,5000',
      CATCH_UP_INTERVAL_MS: '0',
      STATE_TTL_MS: '2000',
      STORY_TIME_MS: String(now()),
      STORY_TIME_SET_AT_MS: String(Date.now()),
      TZ: 'UTC',
      ...environment,
    };
  }
}

/** An app that was killed comes back on its port: nobody else of this process may take it meanwhile. */
const taken = new Set<number>();

/**
 * Below the range from which systems take ports for outgoing connections: no other program's connection sits on it when
 * the app starts, or starts again. Processes that do this at the same time mostly choose from different parts of it.
 */
async function freePort(): Promise<number> {
  const first = FIRST_PORT + (process.pid % PARTS) * PORTS_OF_A_PART;
  for (;;) {
    const port = first + randomInt(PORTS_OF_A_PART);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
