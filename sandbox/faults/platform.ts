import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '../app-process/app-process.ts';

const WATCH_EVERY_MS = 25;
const WHOLE_WITHIN_MS = 30_000;
const PROBE_EVERY_MS = 400;
const PROBE_WITHIN_MS = 1_000;
const HEALTHY_WITHIN_MS = 20_000;
const FIRST_START_WITHIN_MS = 120_000;

export interface PlatformSurroundings {
  readonly apps: readonly AppProcess[];
  /** The tenant's key: the platform's probes come through the router, which adds it. */
  readonly key: string;
  /** Story time in milliseconds. */
  readonly now: () => number;
  /** Variables for the next life of a process. */
  readonly environmentOf: (replica: number) => Readonly<Record<string, string>>;
  /** Called when a process has become healthy. */
  readonly born: (replica: number) => Promise<void>;
  /** Called when a process has ended, whatever ended it. */
  readonly died: (replica: number) => Promise<void>;
}

/**
 * Runs the app's processes as a platform does: what has ended is started again, what is healthy gets requests. One
 * process boots at a time.
 */
export class Platform {
  readonly #around: PlatformSurroundings;
  readonly #healthy = new Set<number>();
  readonly #frozen = new Set<number>();
  readonly #ended = new AbortController();
  #boots: Promise<void> = Promise.resolve();
  #clockOffsetMs = 0;
  #turn = 0;
  #lives = 0;
  #watching: Promise<unknown> = Promise.resolve();

  constructor(around: PlatformSurroundings) {
    this.#around = around;
  }

  /** How often a process was started. */
  get lives(): number {
    return this.#lives;
  }

  /** Starts all processes and keeps them running. */
  async start(): Promise<void> {
    this.#watching = Promise.all([this.#watch(), this.#probe()]);
    const deadlineMs = performance.now() + FIRST_START_WITHIN_MS;
    while (this.#healthy.size < this.#around.apps.length) {
      if (performance.now() > deadlineMs) throw new Error('The app does not become healthy.');
      await sleep(WATCH_EVERY_MS);
    }
  }

  /** Whose turn it is to get a request. */
  next(): AppProcess | undefined {
    const open = this.#around.apps.filter((app, replica) => app.running && this.#healthy.has(replica));
    return open[this.#turn++ % Math.max(1, open.length)];
  }

  /** Ends a process at once, or tells it to end and waits; the platform starts another one. */
  async end(replica: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const app = this.#around.apps[replica];
    if (app === undefined || this.#frozen.has(replica)) return;
    await app.kill(signal);
  }

  async freeze(replica: number): Promise<void> {
    this.#frozen.add(replica);
    this.#around.apps[replica]?.signal('SIGSTOP');
  }

  async thaw(replica: number): Promise<void> {
    this.#around.apps[replica]?.signal('SIGCONT');
    this.#frozen.delete(replica);
    await this.setClocks();
  }

  /** Lets the clocks of the processes differ from story time, in milliseconds. */
  async shiftClocks(offsetMs: number): Promise<void> {
    this.#clockOffsetMs = offsetMs;
    await this.setClocks();
  }

  /** Story time has moved. A frozen process learns it when it wakes up. */
  async setClocks(): Promise<void> {
    const awake = this.#around.apps.filter((_app, replica) => !this.#frozen.has(replica));
    await Promise.all(awake.map((app) => this.#setClock(app)));
  }

  /** True while every process is up and healthy. */
  get isWhole(): boolean {
    return this.#around.apps.every((app, replica) => app.running && this.#healthy.has(replica));
  }

  /** Resolves when every process is up and healthy; or after a long while, in which the run goes on without. */
  async whole(): Promise<void> {
    for (const startedMs = performance.now(); !this.isWhole && performance.now() - startedMs < WHOLE_WITHIN_MS;) {
      await sleep(WATCH_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#watching;
    await this.#boots;
    for (const app of this.#around.apps) app.signal('SIGCONT');
    await Promise.all(this.#around.apps.map((app) => app.kill('SIGKILL')));
  }

  async #setClock(app: AppProcess): Promise<void> {
    await app.setClock(this.#around.now() + this.#clockOffsetMs);
  }

  async #watch(): Promise<void> {
    const booting = new Set<number>();
    while (!this.#ended.signal.aborted) {
      for (const [replica, app] of this.#around.apps.entries()) {
        if (app.running || booting.has(replica)) continue;
        const hasLived = this.#healthy.delete(replica);
        booting.add(replica);
        this.#boots = this.#boots.then(async () => {
          if (hasLived) await this.#around.died(replica);
          await this.#boot(replica, app);
          booting.delete(replica);
        });
      }
      await sleep(WATCH_EVERY_MS);
    }
  }

  async #boot(replica: number, app: AppProcess): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#lives += 1;
    app.start(this.#around.environmentOf(replica));
    const deadlineMs = performance.now() + HEALTHY_WITHIN_MS;
    while (app.running && performance.now() < deadlineMs && !this.#ended.signal.aborted) {
      if ((await this.#statusOf(app)) === 200) {
        await this.#setClock(app);
        await this.#around.born(replica);
        this.#healthy.add(replica);
        return;
      }
      await sleep(WATCH_EVERY_MS);
    }
  }

  async #probe(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      for (const [replica, app] of this.#around.apps.entries()) {
        if (!app.running || this.#frozen.has(replica)) continue;
        const status = await this.#statusOf(app);
        // One that was slow to become healthy, because its store was away.
        if (status === 200 && !this.#healthy.has(replica) && app.running) this.#healthy.add(replica);
      }
      await sleep(PROBE_EVERY_MS);
    }
  }

  #statusOf(app: AppProcess): Promise<number> {
    const signal = AbortSignal.timeout(PROBE_WITHIN_MS);
    return fetch(`${app.url}/health`, { headers: { 'x-smp-key': this.#around.key }, signal }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
  }
}
