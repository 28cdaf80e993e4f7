import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Logger } from '../log/logger.js';
import { type ClaimedRoot, QUEUE, type Queue } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import { type PauseCode, Pauses } from './pauses.js';
import { RootSync } from './root-sync.js';
import { TargetFactory } from './target-factory.js';
import { TenantReader } from './tenant-reader.js';
import { Turns } from './turns.js';

/** Roots in hand at a time: enough to hide a target's latency, few enough for 128 MB. */
const MAX_IN_HAND = 8;
const MAX_IN_HAND_PER_TENANT = 4;
/** Longer than any sync can take, with all its time-outs; only a lost worker outlives it. */
const LEASE_MS = 600_000;
/** New events are noticed at the latest after this long. */
const LONGEST_NAP_MS = 200;
const SHORTEST_NAP_MS = 5;
/** How long a tenant rests whose state cannot be read. */
const STATE_RETRY_MS = 5_000;
const FLUSH_POLL_MS = 25;

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
    this.rootSync = new RootSync({ queue, logger, targets, retryScheduleMs: config.retryScheduleMs });
  }

  onApplicationBootstrap(): void {
    this.nap(0);
  }

  /** Finishes what is in hand; what is not settled by then is due again at the next start. */
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
   * Syncs at once what waits for this tenant, until nothing is left that can be done now, or the deadline.
   * @returns how many events were delivered or skipped, and how many are left (they stay durable).
   */
  async flush(tenant: string, deadlineMs: number): Promise<{ delivered: number; left: number }> {
    const untilMs = performance.now() + deadlineMs;
    const before = await this.queue.backlog(tenant);
    await this.queue.makeDue(tenant, Date.now());
    let now = before;
    let quietPolls = 0;
    // A root that failed waits for its next try; two polls without work in hand mean that nothing more can be done now.
    while (now.waitingEvents > 0 && quietPolls < 2 * (LONGEST_NAP_MS / FLUSH_POLL_MS) && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, FLUSH_POLL_MS));
      quietPolls = this.turns.inHandOf(tenant) > 0 ? 0 : quietPolls + 1;
      now = await this.queue.backlog(tenant);
    }
    const over = before.waitingEvents - now.waitingEvents - (now.deadLetters - before.deadLetters);
    return { delivered: Math.max(0, over), left: now.waitingEvents };
  }

  private nap(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.takeDueRoots(), ms);
  }

  private async takeDueRoots(): Promise<void> {
    try {
      const nowMs = Date.now();
      const tenants = this.turns
        .inOrder(this.tenants.names())
        .filter(
          (tenant) => this.turns.inHandOf(tenant) < MAX_IN_HAND_PER_TENANT && !this.pauses.isResting(tenant, nowMs),
        );
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
    const nowMs = Date.now();
    const readiness = await this.reader.read(claim.tenant);
    if (readiness.kind !== 'ready') {
      await this.queue.release(claim, nowMs);
      if (readiness.kind === 'unavailable') this.pauses.hold(claim.tenant, nowMs + STATE_RETRY_MS);
      else this.pause(claim.tenant, readiness.code, readiness.fingerprint);
      return;
    }
    const { tenant } = readiness;
    const result = await this.rootSync.run(claim, tenant);
    switch (result.kind) {
      case 'settled':
        return this.resume(claim.tenant);
      case 'throttled':
        return this.pauses.hold(claim.tenant, result.untilMs);
      case 'unauthorized':
        return this.pause(claim.tenant, result.code, tenant.state.fingerprint);
    }
  }

  private pause(tenant: string, code: PauseCode, fingerprint: string): void {
    if (this.pauses.pause(tenant, code, fingerprint, Date.now())) this.logger.write('tenant.paused', { tenant, code });
  }

  /** A bug or a failing store: nothing was settled, so the work is done again after a rest. */
  private async giveBack(claim: ClaimedRoot, error: unknown): Promise<void> {
    this.logger.write('app.failed', { tenant: claim.tenant, code: 'sync_failed' }, error);
    const againAtMs = Date.now() + STATE_RETRY_MS;
    await this.queue.release(claim, againAtMs).catch((cause: unknown) => {
      // The store is failing too: the lease runs out, or the next start finds the root due.
      this.logger.write('app.failed', { tenant: claim.tenant, code: 'release_failed' }, cause);
    });
  }
}
