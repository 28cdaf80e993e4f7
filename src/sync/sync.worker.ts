import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Logger } from '../log/logger.js';
import { type ClaimedRoot, QUEUE, type Queue, QueueUnavailableError } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import { type PauseCode, Pauses } from './pauses.js';
import { RootSync } from './root-sync.js';
import { TargetFactory } from './target-factory.js';
import { Turns } from './turns.js';

/** Roots in hand at a time: enough to hide the latency of many targets, few enough for 128 MB. */
const MAX_IN_HAND = 16;
const MAX_IN_HAND_PER_TENANT = 4;
/** A tenant whose target does not answer keeps one place busy while it is found out whether it does again. */
const MAX_IN_HAND_ON_PROBATION = 1;
/** The worker gives every claim back itself; only a lost worker outlives this. */
const LEASE_MS = 3_600_000;
/** New events are noticed at the latest after this long. */
const LONGEST_NAP_MS = 200;
const SHORTEST_NAP_MS = 5;
/** How long a tenant rests whose state cannot be read. */
const STATE_RETRY_MS = 5_000;
const FLUSH_POLL_MS = 100;

/** Takes due roots, fair across tenants, and has them synced; carries out what the results say about their tenants. */
@Injectable()
export class SyncWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly pauses = new Pauses();
  private readonly turns = new Turns();
  private readonly inHand = new Set<Promise<void>>();
  private readonly rootSync: RootSync;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly logger: Logger,
    private readonly tenants: Tenants,
    private readonly reader: TenantReader,
    targets: TargetFactory,
  ) {
    const { retryScheduleMs } = config;
    this.rootSync = new RootSync({ queue, logger, targets, retryScheduleMs, isStopping: () => this.stopped });
  }

  onApplicationBootstrap(): void {
    this.nap(0);
  }

  /** Settles what is in hand as far as it got; the rest is due again at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.inHand);
  }

  /** The tenant was started or changed its settings: whatever it was paused for may be tried again at once. */
  resume(tenant: string): void {
    if (this.pauses.resume(tenant)) this.logger.write('tenant.resumed', { tenant });
  }

  /**
   * Syncs what waits for this tenant: its retries at once, what has just arrived when it has rested, until nothing is
   * left that can be done in time.
   * @returns how many events were delivered or skipped, and how many are left (they stay durable).
   */
  async flush(tenant: string, deadlineMs: number): Promise<{ delivered: number; left: number }> {
    const untilMs = Date.now() + deadlineMs;
    const before = await this.queue.backlog(tenant);
    await this.queue.makeDue(tenant, Date.now());
    while (await this.canBeDoneBy(tenant, untilMs)) {
      this.nap(0);
      await new Promise((resolve) => setTimeout(resolve, FLUSH_POLL_MS));
    }
    const after = await this.queue.backlog(tenant);
    const over = before.waitingEvents - after.waitingEvents - (after.deadLetters - before.deadLetters);
    return { delivered: Math.max(0, over), left: after.waitingEvents };
  }

  private async canBeDoneBy(tenant: string, untilMs: number): Promise<boolean> {
    if (Date.now() >= untilMs) return false;
    if (this.turns.inHandOf(tenant) > 0) return true;
    const dueAtMs = await this.queue.nextDueAtMs(tenant);
    return dueAtMs !== undefined && dueAtMs < untilMs && !this.isResting(tenant);
  }

  private isResting(tenant: string): boolean {
    return this.pauses.isResting(tenant, this.tenants.versionOf(tenant), Date.now());
  }

  private nap(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.takeDueRoots(), ms);
  }

  private async takeDueRoots(): Promise<void> {
    try {
      const nowMs = Date.now();
      const tenants = this.turns.inOrder(this.tenants.names()).filter((tenant) => this.mayWorkFor(tenant));
      const limit = MAX_IN_HAND - this.inHand.size;
      const { claims, nextDueAtMs = Infinity } =
        limit > 0 ? await this.queue.claim({ tenants, limit, nowMs, leaseMs: LEASE_MS }) : { claims: [] };
      for (const claim of claims) this.takeInHand(claim);
      const untilDueMs = Math.max(SHORTEST_NAP_MS, nextDueAtMs - nowMs);
      this.nap(claims.length > 0 && limit > claims.length ? 0 : Math.min(LONGEST_NAP_MS, untilDueMs));
    } catch (error) {
      // A queue that does not answer is reported by /health and by the refused webhooks; the worker goes on asking.
      this.logger.write('app.failed', { code: 'claim_failed' }, error);
      this.nap(LONGEST_NAP_MS);
    }
  }

  private mayWorkFor(tenant: string): boolean {
    const inHand = this.turns.inHandOf(tenant);
    const most = this.pauses.isOnProbation(tenant) ? MAX_IN_HAND_ON_PROBATION : MAX_IN_HAND_PER_TENANT;
    return inHand < most && !this.isResting(tenant);
  }

  private takeInHand(claim: ClaimedRoot): void {
    this.turns.begin(claim.tenant);
    const work = this.sync(claim)
      .catch((error: unknown) => this.giveBack(claim, error))
      .finally(() => {
        this.turns.end(claim.tenant);
        this.inHand.delete(work);
        this.nap(0);
      });
    this.inHand.add(work);
  }

  private async sync(claim: ClaimedRoot): Promise<void> {
    const { tenant } = claim;
    const readiness = await this.reader.read(tenant);
    const version = this.tenants.versionOf(tenant);
    if (readiness.kind === 'unavailable') {
      this.pauses.hold(tenant, Date.now() + STATE_RETRY_MS, Date.now());
      return this.queue.release(claim, Date.now());
    }
    if (readiness.kind === 'blocked') {
      this.pause(tenant, readiness.code, version);
      return this.queue.release(claim, Date.now());
    }
    const result = await this.rootSync.run(claim, readiness.tenant).catch((error: unknown) => this.fail(claim, error));
    switch (result?.kind) {
      case 'settled':
        return this.resumeAfter(tenant, result.targetAnswered, result.coreAnswered);
      case 'throttled':
        return this.pauses.hold(tenant, result.untilMs, Date.now());
      case 'unreachable':
        return this.pauses.breakFor(tenant, Date.now());
      case 'unauthorized':
        return this.pause(tenant, result.code, version);
      case undefined:
        return;
    }
  }

  private resumeAfter(tenant: string, targetAnswered: boolean, coreAnswered: boolean): void {
    const wasPaused = targetAnswered ? this.pauses.works(tenant) : coreAnswered && this.pauses.coreWorks(tenant);
    if (wasPaused) this.logger.write('tenant.resumed', { tenant });
  }

  private pause(tenant: string, code: PauseCode, version: number): void {
    if (this.pauses.pause(tenant, code, version, Date.now())) this.logger.write('tenant.paused', { tenant, code });
  }

  /** A bug: it costs the events of this claim a try, not the worker its life. */
  private async fail(claim: ClaimedRoot, error: unknown): Promise<undefined> {
    if (error instanceof QueueUnavailableError) throw error;
    this.logger.write('app.failed', { tenant: claim.tenant, code: 'sync_failed' }, error);
    await this.rootSync.fail(claim, 'unknown');
  }

  /** The store is failing: nothing was settled, so the work is done again after a rest. */
  private async giveBack(claim: ClaimedRoot, error: unknown): Promise<void> {
    const { tenant } = claim;
    this.logger.write('app.failed', { tenant, code: 'queue_failed' }, error);
    const againAtMs = Date.now() + STATE_RETRY_MS;
    this.pauses.hold(tenant, againAtMs, Date.now());
    await this.queue.release(claim, againAtMs).catch((cause: unknown) => {
      this.logger.write('app.failed', { tenant, code: 'release_failed' }, cause);
    });
  }
}
