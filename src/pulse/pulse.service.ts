import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import type { LogFields } from '../log/log-events.js';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import { UnfinishedRoots } from '../sync/unfinished-roots.js';
import { lateTenant, type LateTenant, mostOverdue, summaryOf, withTries } from './late-tenants.js';

/**
 * Four lines a minute: an alert on them rings within a minute of a stall, and their silence within a minute of a death.
 * One costs 0.1 ms of processor time on a core of 2 GHz, and 4 ms with a thousand tenants that are all late.
 */
const PULSE_MS = 15_000;
/** Work that is in hand, or waits for its turn in a burst, is not late. */
const LATE_MS = 10_000;
/** More late tenants than this are not told apart. */
const MOST_LATE = 1_000;
/** Counting goes through all that waits: once a minute, and at most a five-hundredth of the time. */
const COUNT_MS = 60_000;
const REST_PER_COUNT = 500;

/** Says regularly that the process lives, what it holds, and whose work is late: what dashboards and alerts stand on. */
@Injectable()
export class PulseService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private countAtMs = 0;
  private isLooking = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'settleMs'>,
    @Inject(QUEUE) private readonly queue: Pick<Queue, 'overdue' | 'restOf' | 'backlog' | 'replicas'>,
    private readonly tenants: Tenants,
    private readonly unfinished: UnfinishedRoots,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.beat(), PULSE_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One pulse. A store that does not answer is reported by those who need it: the process still says that it lives. */
  async beat(): Promise<void> {
    const own = { ...memory(), tenants: this.tenants.names().length };
    // A store that hangs must not make the process look dead.
    if (this.isLooking) return this.logger.write('app.pulse', own);
    this.isLooking = true;
    try {
      const late = await this.lateTenants();
      this.logger.write('app.pulse', { ...own, ...summaryOf(late), ...(await this.counts()) });
      for (const one of mostOverdue(late)) this.logger.write('tenant.late', { ...one });
    } catch {
      this.logger.write('app.pulse', own);
    }
    this.isLooking = false;
  }

  private async lateTenants(): Promise<readonly LateTenant[]> {
    const nowMs = Date.now();
    const late = new Map<string, LateTenant>();
    for (const overdue of await this.queue.overdue(nowMs - LATE_MS, MOST_LATE)) {
      late.set(overdue.tenant, lateTenant(overdue, this.tenants, nowMs));
    }
    for (const { tenant, receivedAtMs, code } of this.unfinished.all(nowMs)) {
      const dueAtMs = receivedAtMs + this.config.settleMs;
      if (nowMs - dueAtMs < LATE_MS || late.size >= MOST_LATE) continue;
      const rest = late.has(tenant) ? undefined : await this.queue.restOf(tenant);
      const found = late.get(tenant) ?? lateTenant({ tenant, dueAtMs, ...(rest && { rest }) }, this.tenants, nowMs);
      late.set(tenant, withTries(found, nowMs - dueAtMs, code));
    }
    const all = [...late.values()];
    // Another replica may work for a tenant that this one does not know, or for which this one alone was told to stop.
    return this.queue.replicas() > 1 ? all.filter(({ state }) => state !== 'not_called' && state !== 'stopped') : all;
  }

  private async counts(): Promise<Pick<LogFields, 'waiting' | 'dead'>> {
    const startedMs = performance.now();
    if (startedMs < this.countAtMs) return {};
    const { waitingEvents, deadLetters } = await this.queue.backlog();
    const tookMs = performance.now() - startedMs;
    this.countAtMs = startedMs + Math.max(COUNT_MS, REST_PER_COUNT * tookMs);
    return { waiting: waitingEvents, dead: deadLetters };
  }
}

/** Nothing where the system does not say it, as when no file can be opened any more: the process lives all the same. */
function memory(): Pick<LogFields, 'memoryBytes'> {
  try {
    return { memoryBytes: process.memoryUsage.rss() };
  } catch {
    return {};
  }
}
