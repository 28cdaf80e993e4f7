import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';

/** How often it is looked whether something is to be forgotten. */
const ROUND_MS = 60_000;
/** After each step the events have their turn, nine times as long as the step took, and at least this long. */
const LEAST_REST_MS = 20;
const REST_PER_STEP = 9;

/** Has the queue forget what ended long ago, in steps so small that no webhook waits for one. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private fails = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.goOn();
  }

  onModuleDestroy(): void {
    this.ending.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async goOn(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.round();
      await this.rest(ROUND_MS);
    }
  }

  private async round(): Promise<void> {
    const { retentionMs, dedupeMs } = this.config;
    try {
      for (let isMore = true; isMore && !this.ending.signal.aborted;) {
        const startedMs = performance.now();
        const nowMs = Date.now();
        isMore = await this.queue.sweep({ payloadsBeforeMs: nowMs - retentionMs, eventsBeforeMs: nowMs - dedupeMs });
        await this.rest(Math.max(LEAST_REST_MS, REST_PER_STEP * (performance.now() - startedMs)));
      }
      this.fails = false;
    } catch (error) {
      // The store is failing, which its users report themselves; it is tried again with the next round, and said once.
      if (!this.fails) this.logger.write('app.failed', { code: 'retention_failed' }, error);
      this.fails = true;
    }
  }

  private async rest(ms: number): Promise<void> {
    // The end of the process cuts the rest short.
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}
