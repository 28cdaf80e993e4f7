import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess, type AppSurroundings } from './app-process.ts';
import { LogLines } from './log-lines.ts';

const LINES_KEPT = 2000;
const HEALTHY_WITHIN_MS = 120_000;
const PROBE_EVERY_MS = 25;

/** The app as a platform runs it: one process or several, of which the healthy ones are asked one after the other. */
export class AppFleet {
  readonly processes: readonly AppProcess[];
  /** The lines of all processes, as they came. */
  readonly log: LogLines;
  readonly #now: () => number;
  readonly #inRotation = new Set<AppProcess>();
  #turn = 0;

  private constructor(processes: readonly AppProcess[], log: LogLines, now: () => number) {
    this.processes = processes;
    this.log = log;
    this.#now = now;
  }

  /** @param replicas how many processes; several need a queue that they can share */
  static async prepare(around: AppSurroundings, replicas: number): Promise<AppFleet> {
    const processes = await Promise.all(Array.from({ length: replicas }, () => AppProcess.prepare(around)));
    const log = new LogLines(LINES_KEPT * replicas);
    for (const process of processes) process.log.listen((line) => log.take(line));
    return new AppFleet(processes, log, around.now);
  }

  /** Whether any process runs. */
  get running(): boolean {
    return this.processes.some(({ running }) => running);
  }

  /** Where the platform probes the app itself; the router's address is another one. */
  get url(): string {
    return this.processes[0]?.url ?? '';
  }

  /** Whose turn it is to be asked; undefined while none can be. */
  next(): AppProcess | undefined {
    const open = [...this.#inRotation].filter(({ running }) => running);
    return open[this.#turn++ % Math.max(1, open.length)];
  }

  /** Starts what does not run, and waits until it is healthy or has ended by itself. */
  async start(): Promise<void> {
    await Promise.all(this.processes.map((process) => this.#start(process)));
  }

  async #start(process: AppProcess): Promise<void> {
    process.start();
    if (!(await becomesHealthy(process))) return;
    await process.setClock(this.#now());
    this.#inRotation.add(process);
  }

  /** Ends all processes at the same time. */
  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#inRotation.clear();
    await Promise.all(this.processes.map((process) => process.kill(signal)));
  }

  /** As platforms do: no more requests, the signal, a new process, requests again once it is healthy. */
  async restart(process: AppProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#inRotation.delete(process);
    await process.kill(signal);
    await this.#start(process);
  }

  /** Moves the clocks of all processes to story time. */
  async setClock(storyTimeMs: number): Promise<void> {
    await Promise.all(this.processes.map((process) => process.setClock(storyTimeMs)));
  }

  /** What the processes kept in their folders is gone, as in new containers; only while none runs. */
  async loseDisk(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.loseDisk()));
  }

  /** Ends the processes and removes their folders. */
  async dispose(): Promise<void> {
    this.#inRotation.clear();
    await Promise.all(this.processes.map((process) => process.dispose()));
  }
}

async function becomesHealthy(process: AppProcess): Promise<boolean> {
  const deadlineMs = performance.now() + HEALTHY_WITHIN_MS;
  while (process.running && performance.now() < deadlineMs) {
    const status = await fetch(`${process.url}/health`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return true;
    await sleep(PROBE_EVERY_MS);
  }
  return false;
}
