import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Logger } from '../log/logger.js';
import { type ClaimedRoot, LockNotGivenError, QUEUE, type Queue, QueueUnavailableError } from '../queue/queue.js';
import { restEndsAtMs, type TenantRest } from '../queue/tenant-rest.js';
import { Tenants } from '../state/tenants.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import { broken, coreWorking, held, isNewPause, paused, type PauseCode, working } from './pauses.js';
import { Heartbeat, type WorkerHeartbeat } from './heartbeat.js';
import { LoopLateness } from './loop-lateness.js';
import { RootSync } from './root-sync.js';
import { TargetFactory } from './target-factory.js';
import { Turns } from './turns.js';
import { UnfinishedRoots } from './unfinished-roots.js';

/** The worker gives every claim back itself; only a lost worker outlives this. */
const LEASE_MS = 3_600_000;
/** The queue tells of new work; what it cannot tell (a tenant that has changed its settings) is noticed after this long. */
const LONGEST_NAP_MS = 1_000;
const SHORTEST_NAP_MS = 5;
/** How long a tenant rests whose state cannot be read. */
const STATE_RETRY_MS = 5_000;
const FLUSH_POLL_MS = 100;

/** Takes due roots, fair across tenants, and has them synced; carries out what the results say about their tenants. */
@Injectable()
export class SyncWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly turns = new Turns();
  private readonly loop = new LoopLateness();
  private readonly inHand = new Set<Promise<void>>();
  private readonly rootSync: RootSync;
  // Not the wall clock: a clock that is set must not look like a worker that hangs.
  private readonly heartbeat = new Heartbeat(() => performance.now());
  private readonly settleMs: number;
  private timer: NodeJS.Timeout | undefined;
  private napEndsAtMs = Infinity;
  private endListening = (): void => undefined;
  private claiming: Promise<number> | undefined;
  private claimsFail = false;
  private stopped = false;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly logger: Logger,
    private readonly tenants: Tenants,
    private readonly reader: TenantReader,
    targets: TargetFactory,
    unfinished: UnfinishedRoots,
  ) {
    const { retryScheduleMs } = config;
    this.settleMs = config.settleMs;
    this.rootSync = new RootSync({
      queue,
      logger,
      targets,
      retryScheduleMs,
      unfinished,
      isStopping: () => this.stopped,
    });
  }

  onApplicationBootstrap(): void {
    this.endListening = this.queue.onWork((dueAtMs) => {
      this.napAtMost(dueAtMs - Date.now());
    });
    this.nap(0);
  }

  /** The end has begun: nothing more is taken, before anybody waits for what somebody else has in hand. */
  onModuleDestroy(): void {
    this.stopped = true;
    this.endListening();
    clearTimeout(this.timer);
  }

  /** Settles what is in hand as far as it got; the rest is due again at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    // A claim that the database is still working on brings roots, too: they are given back before the queue is closed.
    await this.claiming;
    await Promise.all(this.inHand);
  }

  /** The tenant was started or changed its settings: whatever it was paused for may be tried again at once. */
  async resume(tenant: string): Promise<void> {
    await this.changeRest(tenant, () => undefined).catch((error: unknown) => {
      // Then what it was paused for is tried again by itself.
      this.logger.write('app.failed', { tenant, code: 'queue_failed' }, error);
    });
    this.nap(0);
  }

  /**
   * Syncs what waits for this tenant: its retries at once where it is to `hurry`, what has just arrived when it has
   * rested, until nothing is left that can be done in time.
   * @returns how many events were delivered or skipped, and how many are left (they stay durable).
   */
  async flush(
    tenant: string,
    { deadlineMs, hurry }: { readonly deadlineMs: number; readonly hurry: boolean },
  ): Promise<{ delivered: number; left: number }> {
    const untilMs = Date.now() + deadlineMs;
    const before = await this.queue.backlog(tenant);
    if (hurry) await this.queue.makeDue(tenant, Date.now());
    while (!this.stopped && (await this.canBeDoneBy(tenant, untilMs))) {
      this.nap(0);
      await new Promise((resolve) => setTimeout(resolve, FLUSH_POLL_MS));
    }
    const after = await this.queue.backlog(tenant);
    const over = before.waitingEvents - after.waitingEvents - (after.deadLetters - before.deadLetters);
    return { delivered: Math.max(0, over), left: after.waitingEvents };
  }

  /** How the worker is; costs nothing, whatever waits. */
  lastHeartbeat(): WorkerHeartbeat {
    return this.heartbeat.read();
  }

  private async canBeDoneBy(tenant: string, untilMs: number): Promise<boolean> {
    if (Date.now() >= untilMs) return false;
    if (this.turns.inHandOf(tenant) > 0) return true;
    const dueAtMs = await this.queue.nextDueAtMs(tenant);
    if (dueAtMs === undefined || dueAtMs >= untilMs) return false;
    const rest = await this.queue.restOf(tenant);
    return rest === undefined || restEndsAtMs(rest, this.tenants.versionOf(tenant)) < untilMs;
  }

  private nap(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const endsAtMs = performance.now() + Math.max(0, ms);
    this.napEndsAtMs = endsAtMs;
    this.timer = setTimeout(
      () => {
        this.loop.observe(performance.now() - endsAtMs);
        void this.takeDueRoots();
      },
      Math.max(0, ms),
    );
  }

  private napAtMost(ms: number): void {
    if (performance.now() + ms < this.napEndsAtMs) this.nap(ms);
  }

  private async takeDueRoots(): Promise<void> {
    // One claim at a time, or two would both fill the same places.
    if (this.claiming !== undefined) return this.nap(SHORTEST_NAP_MS);
    this.napEndsAtMs = Infinity;
    this.claiming = this.claimDueRoots();
    const napMs = await this.claiming;
    this.claiming = undefined;
    this.napAtMost(napMs);
  }

  /** @returns how long there is nothing to do, as far as is known */
  private async claimDueRoots(): Promise<number> {
    try {
      const nowMs = Date.now();
      const versionOf = (tenant: string) => this.tenants.versionOf(tenant);
      let [napMs, hasWork] = [LONGEST_NAP_MS, false];
      for (const { tenants, limit } of this.turns.offers(this.tenants.names(), performance.now(), this.loop.isLate)) {
        if (this.stopped) break;
        const request = { tenants, limit, nowMs, leaseMs: LEASE_MS, versionOf };
        const { claims, nextDueAtMs = Infinity } = await this.queue.claim(request);
        hasWork ||= claims.length > 0;
        for (const claim of claims) {
          if (claim.rest === undefined) this.heartbeat.took(nowMs - readySinceMs(claim, this.settleMs));
          this.takeInHand(claim);
        }
        const untilDueMs = Math.max(SHORTEST_NAP_MS, nextDueAtMs - nowMs);
        napMs = Math.min(napMs, claims.length > 0 && limit > claims.length ? 0 : untilDueMs);
      }
      this.claimsFail = false;
      this.heartbeat.looked(!hasWork && this.inHand.size === 0);
      return napMs;
    } catch (error) {
      // A queue that does not answer is reported by /health and by the refused webhooks; the worker goes on asking.
      if (!this.claimsFail) this.logger.write('app.failed', { code: 'claim_failed' }, error);
      this.claimsFail = true;
      return LONGEST_NAP_MS;
    }
  }

  private takeInHand(claim: ClaimedRoot): void {
    const beganAtMs = performance.now();
    this.turns.begin(claim.tenant, beganAtMs);
    const work = this.sync(claim)
      .catch((error: unknown) => this.giveBack(claim, error))
      .finally(() => {
        this.turns.end(claim.tenant, beganAtMs);
        this.inHand.delete(work);
        this.nap(0);
      });
    this.inHand.add(work);
  }

  private async sync(claim: ClaimedRoot): Promise<void> {
    const { tenant } = claim;
    if (this.stopped) return this.queue.release(claim, Date.now());
    const readiness = await this.reader.read(tenant);
    const version = this.tenants.versionOf(tenant);
    if (readiness.kind === 'unavailable') {
      await this.hold(tenant, Date.now() + STATE_RETRY_MS);
      return this.queue.release(claim, Date.now());
    }
    if (readiness.kind === 'blocked') {
      await this.pause(tenant, readiness.code, version);
      return this.queue.release(claim, Date.now());
    }
    const result = await this.rootSync.run(claim, readiness.tenant).catch((error: unknown) => this.fail(claim, error));
    switch (result?.kind) {
      case 'settled':
        return this.resumeAfter(claim, result.targetAnswered, result.coreAnswered);
      case 'throttled':
        return this.hold(tenant, result.untilMs);
      case 'unreachable':
        this.turns.suspect(tenant);
        await this.changeRest(tenant, (rest) => broken(rest, Date.now()));
        return;
      case 'unauthorized':
        return this.pause(tenant, result.code, version);
      case undefined:
        return;
    }
  }

  private async resumeAfter(claim: ClaimedRoot, targetAnswered: boolean, coreAnswered: boolean): Promise<void> {
    if (targetAnswered) this.turns.trust(claim.tenant);
    // What has stopped the tenant since then is not disproved by this success.
    if (claim.rest === undefined) return;
    if (targetAnswered) await this.changeRest(claim.tenant, (rest) => working(rest, Date.now()));
    else if (coreAnswered) await this.changeRest(claim.tenant, (rest) => coreWorking(rest, Date.now()));
  }

  private async hold(tenant: string, untilMs: number): Promise<void> {
    await this.changeRest(tenant, (rest) => held(rest, untilMs, Date.now()));
  }

  private async pause(tenant: string, code: PauseCode, version: string): Promise<void> {
    const before = await this.changeRest(tenant, (rest) => paused(rest, code, version, Date.now()));
    if (isNewPause(before, code, version)) this.logger.write('tenant.paused', { tenant, code });
  }

  /** Changes how the tenant rests, and leaves a line when that ends a pause. @returns the rest before */
  private async changeRest(
    tenant: string,
    change: (rest: TenantRest | undefined) => TenantRest | undefined,
  ): Promise<TenantRest | undefined> {
    let isStillPaused = false;
    const before = await this.queue.changeRest(tenant, (rest) => {
      const after = change(rest);
      isStillPaused = after?.pause !== undefined;
      return after;
    });
    if (before?.pause !== undefined && !isStillPaused) this.logger.write('tenant.resumed', { tenant });
    return before;
  }

  /** A bug: it costs the events of this claim a try, not the worker its life. */
  private async fail(claim: ClaimedRoot, error: unknown): Promise<undefined> {
    if (error instanceof QueueUnavailableError) throw error;
    this.logger.write('app.failed', { tenant: claim.tenant, code: 'sync_failed' }, error);
    await this.rootSync.fail(claim, 'unknown');
  }

  /** Nothing was settled, so the work is done again after a rest. Where the store is failing, that of the whole tenant. */
  private async giveBack(claim: ClaimedRoot, error: unknown): Promise<void> {
    const { tenant } = claim;
    const againAtMs = Date.now() + STATE_RETRY_MS;
    const attempts = [this.queue.release(claim, againAtMs)];
    if (!(error instanceof LockNotGivenError)) {
      this.logger.write('app.failed', { tenant, code: 'queue_failed' }, error);
      attempts.push(this.hold(tenant, againAtMs));
    }
    for (const attempt of await Promise.allSettled(attempts)) {
      if (attempt.status === 'fulfilled') continue;
      this.logger.write('app.failed', { tenant, code: 'release_failed' }, attempt.reason);
    }
  }
}

/** Since when the first of its events could be synced; what only time has made due is never late. */
function readySinceMs({ events, dueAtMs }: ClaimedRoot, settleMs: number): number {
  const eventsDueAtMs = events.map(({ receivedAtMs, retryAtMs }) => Math.max(retryAtMs, receivedAtMs + settleMs));
  return Math.max(dueAtMs, Math.min(...eventsDueAtMs));
}
