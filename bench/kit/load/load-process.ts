import { createHistogram, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventMaker } from '../events.ts';
import { serve } from '../worker.ts';
import { HttpConnection } from './http-connection.ts';
import type { LoadReport, LoadRun } from './load-run.ts';

const MICROSECONDS = 1_000;
/** How long the last answers may take. */
const LAST_ANSWERS_WITHIN_MS = 30_000;
const TICK_MS = 2;

/** One connection with at most one request under way. */
interface Lane {
  connection: HttpConnection;
  sentAtMs: number | undefined;
}

/** Carries out one run and measures from the moment when an event was sent, or was due to be sent. */
class Load {
  readonly #run: LoadRun;
  readonly #events: EventMaker;
  readonly #latency = createHistogram();
  readonly #lanes: Lane[];
  readonly #idle: Lane[];
  readonly #startedMs = performance.now();
  #next: number;
  #answered = 0;
  #refused = 0;
  #open = true;

  constructor(run: LoadRun) {
    this.#run = run;
    this.#events = EventMaker.of(run.plan);
    this.#next = run.first;
    this.#lanes = Array.from({ length: run.connections }, () => this.#lane());
    this.#idle = [...this.#lanes];
  }

  async carryOut(): Promise<LoadReport> {
    const cpuBefore = process.cpuUsage();
    await (this.#run.perSecond === undefined ? this.#asFastAsAnswered() : this.#atAPace(this.#run.perSecond));
    const elapsedMs = performance.now() - this.#startedMs;
    this.#open = false;
    for (const { connection } of this.#lanes) connection.close();
    const { user, system } = process.cpuUsage(cpuBefore);
    const at = (percent: number) => this.#latency.percentile(percent) / MICROSECONDS;
    return {
      answered: this.#answered,
      refused: this.#refused,
      next: this.#next,
      elapsedMs,
      latencyMs: { p50: at(50), p90: at(90), p99: at(99), max: this.#latency.max / MICROSECONDS },
      cpuMicros: user + system,
    };
  }

  async #asFastAsAnswered(): Promise<void> {
    while (!this.#isOver()) {
      for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop())
        this.#send(lane, performance.now());
      await sleep(TICK_MS);
    }
    await this.#lastAnswers();
  }

  async #atAPace(perSecond: number): Promise<void> {
    while (!this.#isOver()) {
      for (;;) {
        const dueMs = this.#startedMs + ((this.#next - this.#run.first) * 1_000) / perSecond;
        if (dueMs > performance.now() || this.#isOver()) break;
        const lane = this.#idle.pop();
        if (lane === undefined) break;
        this.#send(lane, dueMs);
      }
      await sleep(1);
    }
    await this.#lastAnswers();
  }

  #isOver(): boolean {
    const { count = Infinity, durationMs = Infinity, first } = this.#run;
    return this.#next - first >= count || performance.now() - this.#startedMs >= durationMs;
  }

  async #lastAnswers(): Promise<void> {
    const untilMs = performance.now() + LAST_ANSWERS_WITHIN_MS;
    while (this.#lanes.some(({ sentAtMs }) => sentAtMs !== undefined) && performance.now() < untilMs) await sleep(1);
    this.#refused += this.#lanes.filter(({ sentAtMs }) => sentAtMs !== undefined).length;
  }

  #send(lane: Lane, sinceMs: number): void {
    const { path, tenants, firstTenant = 0, port } = this.#run;
    const { policy, body } = this.#events.at(this.#next++);
    lane.sentAtMs = sinceMs;
    lane.connection.send(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n` +
        `x-smp-key: key-${firstTenant + (policy % tenants)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }

  #lane(): Lane {
    const connect = (): HttpConnection =>
      new HttpConnection(
        this.#run.port,
        (status) => this.#answeredOn(lane, status),
        (reason) => {
          if (!this.#open) return;
          if (lane.sentAtMs !== undefined) throw new Error(`A connection of the load was lost: ${reason}`);
          // Nothing was under way on it: servers close what is not used.
          lane.connection = connect();
        },
      );
    const lane: Lane = { connection: connect(), sentAtMs: undefined };
    return lane;
  }

  #answeredOn(lane: Lane, status: number): void {
    const sinceMs = lane.sentAtMs ?? performance.now();
    lane.sentAtMs = undefined;
    this.#latency.record(Math.max(1, Math.round((performance.now() - sinceMs) * MICROSECONDS)));
    this.#answered += 1;
    if (status !== 200) this.#refused += 1;
    if (this.#run.perSecond === undefined && !this.#isOver()) this.#send(lane, performance.now());
    else this.#idle.push(lane);
  }
}

serve((run: LoadRun) => new Load(run).carryOut());
