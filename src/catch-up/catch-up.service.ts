import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { type EventPage, readEventPage, type StreamPosition } from '../core/event-stream.js';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import type { Backfill } from '../connectors/settings-fields.js';
import { Tenants } from '../state/tenants.js';
import { type ReadyTenant, TenantReader } from '../tenants/tenant-reader.js';
import { type CursorPlaces, findCursor, mirrorCursor, saveCursor } from './cursor.js';
import { toNewEvents } from './stream-events.js';

/** How often it is looked whose turn it is. */
const TICK_MS = 1_000;
/** Tenants that are caught up at a time: the accept path and the sync come first. */
const PARALLEL_TENANTS = 2;
/** A first failure is tried again after this long, not after a whole interval. */
const RETRY_MS = 30_000;
const DAY_MS = 86_400_000;
const BACKFILL_MS: Readonly<Record<Backfill, number>> = { none: 0, '1d': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };

/**
 * Reads each tenant's event stream from where it was left and queues what never rang: when the tenant becomes known
 * (Start, or the first call after a restart), at intervals, and again soon after a failure.
 */
@Injectable()
export class CatchUpService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** When each known tenant is next to be caught up; a tenant without an entry is due now. */
  private readonly nextRunMs = new Map<string, number>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly unmirrored = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly tenants: Tenants,
    private readonly reader: TenantReader,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.startDueRuns(), TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await Promise.all(this.running.values());
  }

  /** Start was called: the stream is read from where it was left, or from the backfill's beginning. */
  begin(tenant: string): void {
    this.nextRunMs.delete(tenant);
    this.startDueRuns();
  }

  private startDueRuns(): void {
    const known = this.tenants.names();
    for (const tenant of this.nextRunMs.keys())
      if (this.tenants.keyOf(tenant) === undefined) this.nextRunMs.delete(tenant);
    const nowMs = performance.now();
    for (const tenant of known) {
      if (this.stopped || this.running.size >= PARALLEL_TENANTS) return;
      if (this.running.has(tenant) || (this.nextRunMs.get(tenant) ?? 0) > nowMs) continue;
      const run = this.run(tenant).finally(() => this.running.delete(tenant));
      this.running.set(tenant, run);
    }
  }

  private async run(tenant: string): Promise<void> {
    const startedMs = performance.now();
    const interval = this.config.catchUpIntervalMs === 0 ? Infinity : this.config.catchUpIntervalMs;
    const problem = await this.catchUp(tenant, startedMs).catch((error: unknown) => {
      this.logger.write('app.failed', { tenant, code: 'catch_up_failed' }, error);
      return 'unexpected_error';
    });
    const waitMs = problem === undefined ? interval : Math.min(RETRY_MS, interval);
    this.nextRunMs.set(tenant, performance.now() + waitMs);
    if (problem !== undefined) this.logger.write('catchup.failed', { tenant, code: problem, retryInMs: waitMs });
  }

  /** @returns undefined when the stream was read to its end, else why not. */
  private async catchUp(tenant: string, startedMs: number): Promise<string | undefined> {
    const readiness = await this.reader.read(tenant);
    if (readiness.kind !== 'ready') return readiness.kind === 'blocked' ? readiness.code : 'state_unavailable';
    const { settings, core } = readiness.tenant;
    const places: CursorPlaces = { queue: this.queue, client: core, tenant, connection: settings.connection };
    const found = await findCursor(places);
    if (found.kind === 'unavailable') return found.code;
    let position: StreamPosition =
      found.kind === 'found' ? found.position : { kind: 'from', startMs: Date.now() - BACKFILL_MS[settings.backfill] };
    const counted = { read: 0, gaps: 0 };
    while (!this.stopped) {
      const page = await readEventPage(core, position);
      if (page.kind !== 'found') return 'code' in page ? page.code : `core_${page.kind}`;
      const gaps = await this.queuePage(page.value, readiness.tenant);
      counted.read += page.value.events.length;
      counted.gaps += gaps;
      position = after(page.value, position);
      // Only after the page's events are durable may the cursor pass them.
      await saveCursor(places, position);
      if (page.value.events.length === 0 || page.value.pagingToken === undefined) break;
    }
    await this.mirror(places, position);
    const durationMs = Math.round(performance.now() - startedMs);
    this.logger.write('catchup.completed', { tenant, ...counted, durationMs });
    return undefined;
  }

  private async queuePage(page: EventPage, tenant: ReadyTenant): Promise<number> {
    const events = toNewEvents(page.events, tenant.state, Date.now());
    const answers = await Promise.all(events.map((event) => this.queue.append(event)));
    return answers.filter((answer) => answer === 'appended').length;
  }

  /** A mirror that cannot be written is said once: without it, a lost disk costs the events of that time. */
  private async mirror(places: CursorPlaces, position: StreamPosition): Promise<void> {
    const problem = await mirrorCursor(places, position);
    if (problem === undefined) this.unmirrored.delete(places.tenant);
    else if (!this.unmirrored.has(places.tenant)) {
      this.unmirrored.add(places.tenant);
      this.logger.write('catchup.cursor_not_mirrored', { tenant: places.tenant, code: problem });
    }
  }
}

/** Without a token, only time tells where to go on. */
function after(page: EventPage, position: StreamPosition): StreamPosition {
  return page.pagingToken === undefined ? position : { kind: 'token', pagingToken: page.pagingToken };
}
