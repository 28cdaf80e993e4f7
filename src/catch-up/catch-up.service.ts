import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import type { Backfill } from '../connectors/settings-fields.js';
import { type EventPage, readEventPage, type StreamPosition } from '../core/event-stream.js';
import { Logger } from '../log/logger.js';
import { LockNotGivenError, QUEUE, type Queue } from '../queue/queue.js';
import { RecentlyUsed } from '../recently-used.js';
import { Tenants } from '../state/tenants.js';
import { withDeadline } from '../state/with-deadline.js';
import { type ReadyTenant, TenantReader } from '../tenants/tenant-reader.js';
import { type CursorPlaces, findCursor, keepStart, mirrorCursor, saveCursor, saveStart } from './cursor.js';
import { RereadPositions } from './reread-positions.js';
import { Rounds } from './rounds.js';
import { judgePage } from './stream-events.js';
import { Troubles } from './troubles.js';

/** How often it is looked whose turn it is. */
const TICK_MS = 1_000;
/** Tenants that are caught up at a time: the accept path and the sync come first. */
const PARALLEL_TENANTS = 2;
/** Of a forgotten one it is said again that its mirror cannot be written. */
const TENANTS_REMEMBERED = 10_000;
/** Events that are stored at a time: a page should have a hundred, but how long it is Core decides. */
const EVENTS_AT_A_TIME = 500;
/** After this many pages the next tenant has its turn, and the cursor is mirrored. */
const PAGES_PER_RUN = 50;
const DAY_MS = 86_400_000;
const BACKFILL_MS: Readonly<Record<Backfill, number>> = { none: 0, '1d': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };

/**
 * The first look begins this much before Start. The instant is ours and the events' times are Core's: if its clock is
 * behind, what happens in the seconds after Start looks older than Start. What was accepted already is recognised.
 */
const FIRST_LOOK_OVERLAP_MS = 60_000;

/** Another replica has been reading the tenant's stream all the time. */
const READ_ELSEWHERE = 'read_elsewhere';

/** How one run over a tenant's stream ended. `more`: there was no end to it within one run. */
type RunEnd = { readonly kind: 'complete' | 'more' } | Failed;

interface Failed {
  readonly kind: 'failed';
  readonly code: string;
}

type PageEnd =
  | {
      readonly kind: 'taken';
      readonly read: number;
      /** Of the events read those that had not rung. */
      readonly gaps: number;
      readonly position: StreamPosition;
      readonly isLast: boolean;
    }
  /** Start was called while it was on its way. */
  | { readonly kind: 'left' }
  | Failed;

/**
 * Reads each tenant's event stream from where it was left and queues what never rang: when the tenant becomes known
 * (Start, or the first call after a restart), at intervals, and again soon after a failure.
 */
@Injectable()
export class CatchUpService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly rounds: Rounds;
  private readonly running = new Map<string, Promise<RunEnd>>();
  /** Start was called during the run that is under way, which works with the settings from before. */
  private readonly startedAgain = new Set<string>();
  private readonly unmirrored = new RecentlyUsed<true>(TENANTS_REMEMBERED);
  private readonly rereadPositions = new RereadPositions();
  private readonly troubles = new Troubles();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly tenants: Tenants,
    private readonly reader: TenantReader,
    private readonly logger: Logger,
  ) {
    this.rounds = new Rounds(config.catchUpIntervalMs === 0 ? Infinity : config.catchUpIntervalMs);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.startDueRuns(), TICK_MS);
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running.values());
  }

  /**
   * Start was called: the stream is read from where it was left, or from the backfill's beginning. Resolves when it is
   * durable where that is.
   */
  async begin(tenant: string, backfill: Backfill): Promise<void> {
    const { queue } = this;
    if ((await queue.cursor(tenant)) === undefined) {
      await queue.runAlone([streamOf(tenant)], () => keepStart({ queue, tenant }, firstStartMs(backfill)));
    }
    this.rounds.forget(tenant);
    if (this.running.has(tenant)) this.startedAgain.add(tenant);
    this.startDueRuns();
  }

  /**
   * What keeps the run that is under way for the tenant from reading the stream: one of the codes of `catchup.failed`.
   * `undefined`: nothing, or not known within this time.
   */
  async troubleOf(tenant: string, withinMs: number): Promise<string | undefined> {
    const running: Promise<RunEnd | undefined> = this.running.get(tenant) ?? Promise.resolve(undefined);
    const end = await withDeadline(running, withinMs, undefined);
    return end?.kind === 'failed' ? end.code : undefined;
  }

  private startDueRuns(): void {
    if (this.stopped) return;
    const due = this.rounds.due(this.tenants.names(), performance.now());
    for (const tenant of due) {
      if (this.running.size >= PARALLEL_TENANTS) return;
      if (!this.running.has(tenant)) this.running.set(tenant, this.run(tenant));
    }
  }

  private async run(tenant: string): Promise<RunEnd> {
    const end = await this.catchUp(tenant).catch((error: unknown): RunEnd => {
      this.logger.write('app.failed', { tenant, code: 'catch_up_failed' }, error);
      return { kind: 'failed', code: 'unexpected_error' };
    });
    const waitMs = this.rounds.ended(tenant, end.kind, performance.now());
    const isStartedAgain = this.startedAgain.delete(tenant);
    if (isStartedAgain) this.rounds.forget(tenant);
    this.report(tenant, end, isStartedAgain ? 0 : waitMs);
    this.running.delete(tenant);
    this.startDueRuns();
    // Who called Start wants to know what keeps the run with the new settings.
    return isStartedAgain ? (this.running.get(tenant) ?? { kind: 'more' }) : end;
  }

  private report(tenant: string, end: RunEnd, retryInMs: number): void {
    if (end.kind !== 'failed') return this.troubles.over(tenant);
    const { code } = end;
    // What ends with this process, or is done by another one, is no trouble of the tenant's.
    if (this.stopped || code === READ_ELSEWHERE) return;
    if (this.troubles.isNews(tenant, code, performance.now())) {
      this.logger.write('catchup.failed', { tenant, code, retryInMs });
    }
  }

  private async catchUp(tenant: string): Promise<RunEnd> {
    const startedMs = performance.now();
    const readiness = await this.reader.read(tenant);
    if (readiness.kind === 'blocked') return { kind: 'failed', code: readiness.code };
    if (readiness.kind === 'unavailable') return { kind: 'failed', code: 'state_unavailable' };
    const ready = readiness.tenant;
    const places = { queue: this.queue, client: ready.core, tenant, connection: ready.settings.connection };
    let gaps = 0;
    let read = 0;
    let position: StreamPosition | undefined;
    let end: RunEnd = { kind: 'more' };
    const version = this.tenants.versionOf(tenant);
    // A tenant that was stopped meanwhile is read no further, and one that has other settings by now not with these.
    const isAsItWas = () => this.tenants.keyOf(tenant) !== undefined && this.tenants.versionOf(tenant) === version;
    for (let pages = 0; pages < PAGES_PER_RUN && !this.stopped && isAsItWas(); pages++) {
      const page = await this.takePage(places, ready).catch(leftToOthers);
      if (page.kind === 'failed') return page;
      if (page.kind === 'left') break;
      gaps += page.gaps;
      read += page.read;
      position = page.position;
      if (page.isLast) {
        end = { kind: 'complete' };
        break;
      }
    }
    // Stopped before the first page: whoever waits for this line to see a trouble end must not be told so.
    if (position === undefined) return end;
    await this.mirrorWhatIsOver(places, position);
    const durationMs = Math.round(performance.now() - startedMs);
    this.logger.write('catchup.completed', { tenant, read, gaps, outcome: end.kind, durationMs });
    return end;
  }

  /** Queues the next page and moves the cursor on; of several replicas one at a time, so that none reads it again. */
  private takePage(places: CursorPlaces, ready: ReadyTenant): Promise<PageEnd> {
    return this.queue.runAlone([streamOf(places.tenant)], async () => {
      const found = await findCursor(places);
      if (found.kind === 'unavailable') return { kind: 'failed', code: found.code };
      const position =
        found.kind === 'found' ? found.position : await this.firstPosition(places, ready.settings.backfill);
      const page = await readEventPage(ready.core, position);
      if (page.kind !== 'found') return { kind: 'failed', code: 'code' in page ? page.code : `core_${page.kind}` };
      // It may hold what happened after Start, which is to be judged with the settings of that Start.
      if (this.startedAgain.has(places.tenant)) return { kind: 'left' };
      const gaps = await this.queuePage(page.value, ready);
      const next = after(page.value, position);
      // Only after the page's events are durable may the cursor pass them.
      await saveCursor(places, next);
      // Not before a page was read from there: until then the mirror may still say that it begins earlier.
      this.rereadPositions.begin(places.tenant, position);
      const read = page.value.events.length;
      return { kind: 'taken', read, gaps, position: next, isLast: read === 0 || !hasMoved(position, next) };
    });
  }

  /** Kept before the first page is asked for: if Core is down for an hour, that hour is not lost. */
  private async firstPosition(places: CursorPlaces, backfill: Backfill): Promise<StreamPosition> {
    const startMs = firstStartMs(backfill);
    await saveStart(places, startMs);
    return { kind: 'from', startMs };
  }

  private async queuePage(page: EventPage, { state }: ReadyTenant): Promise<number> {
    const { events, ignored } = judgePage(page.events, state, Date.now());
    for (const { eventId, code } of ignored) {
      this.logger.write('catchup.ignored', { tenant: state.tenant, ...(eventId !== undefined && { eventId }), code });
    }
    let gaps = 0;
    for (let from = 0; from < events.length; from += EVENTS_AT_A_TIME) {
      const chunk = events.slice(from, from + EVENTS_AT_A_TIME);
      const answers = await Promise.all(chunk.map((event) => this.queue.append(event)));
      gaps += answers.filter((answer) => answer === 'appended').length;
    }
    return gaps;
  }

  /** What waits for the target is lost with the disk, so whoever goes on from the mirror must come upon it again. */
  private async mirrorWhatIsOver(places: CursorPlaces, readUpTo: StreamPosition): Promise<void> {
    const waiting = await this.queue.waitingSpan(places.tenant);
    const position = this.rereadPositions.moveOn(places.tenant, readUpTo, waiting);
    if (position !== undefined) await this.mirror(places, position);
  }

  /** A mirror that cannot be written is said once: without it, a lost disk costs the events of that time. */
  private async mirror(places: CursorPlaces, position: StreamPosition): Promise<void> {
    const problem = await mirrorCursor(places, position);
    if (problem === undefined) this.unmirrored.delete(places.tenant);
    else if (!this.unmirrored.has(places.tenant)) {
      this.unmirrored.set(places.tenant, true);
      this.logger.write('catchup.cursor_not_mirrored', { tenant: places.tenant, code: problem });
    }
  }
}

/** Of several replicas one at a time reads or moves a tenant's cursor. */
function streamOf(tenant: string): string {
  return `stream ${tenant}`;
}

function leftToOthers(error: unknown): PageEnd {
  if (error instanceof LockNotGivenError) return { kind: 'failed', code: READ_ELSEWHERE };
  throw error;
}

function firstStartMs(backfill: Backfill): number {
  return Date.now() - BACKFILL_MS[backfill] - FIRST_LOOK_OVERLAP_MS;
}

/** Without a token, only time tells where to go on. */
function after(page: EventPage, position: StreamPosition): StreamPosition {
  return page.pagingToken === undefined ? position : { kind: 'token', pagingToken: page.pagingToken };
}

function hasMoved(before: StreamPosition, now: StreamPosition): boolean {
  return now.kind === 'token' && (before.kind !== 'token' || before.pagingToken !== now.pagingToken);
}
