import { Inject, Injectable } from '@nestjs/common';
import { QUEUE, type Queue } from '../queue/queue.js';
import { RecentlyUsed } from '../recently-used.js';
import { type AllowanceSize, TenantAllowance } from '../state/tenant-allowance.js';

/** How many webhooks one tenant may ring: anybody on the internet can ring for it, and nobody can tell. */
export interface AcceptLimits {
  /** Far above any insurer, far below a flood. */
  readonly moment: AllowanceSize;
  /** Over days, because what was accepted is kept for weeks: more than an insurer with a million policies rings. */
  readonly days: AllowanceSize;
  /** Events that wait or are dead. */
  readonly unsettled: number;
}

/** Nest's injection token for {@link AcceptLimits}: {@link PRODUCTION_LIMITS}, unless a test overrides the provider. */
export const ACCEPT_LIMITS = Symbol('ACCEPT_LIMITS');

const DAY_S = 86_400;

export const PRODUCTION_LIMITS: AcceptLimits = {
  moment: { burst: 10_000, perSecond: 500 },
  days: { burst: 200_000, perSecond: 100_000 / DAY_S },
  unsettled: 200_000,
};

const TENANTS_REMEMBERED = 10_000;
/** A full tenant is looked at again this often; counting takes a while where there is much. */
const COUNT_AGAIN_MS = 10_000;

/** At most this many events of a tenant are unsettled: what was counted, and all that was accepted since. */
interface Holding {
  atMost: number;
  countedAtMs: number;
}

/**
 * Bounds what one tenant may bring in by webhooks. What is refused is not lost if it was real: Core's event stream, which
 * nobody can forge, is read without these limits.
 */
@Injectable()
export class AcceptLimiter {
  private readonly moment: TenantAllowance;
  private readonly days: TenantAllowance;
  private readonly counting = new Map<string, Promise<Holding>>();
  private readonly holdings = new RecentlyUsed<Holding>(TENANTS_REMEMBERED);

  constructor(
    @Inject(QUEUE) private readonly queue: Pick<Queue, 'backlog'>,
    @Inject(ACCEPT_LIMITS) private readonly limits: AcceptLimits,
  ) {
    this.moment = new TenantAllowance(limits.moment);
    this.days = new TenantAllowance(limits.days);
  }

  /** Asked for every webhook of a tenant, whatever it holds. @returns 0, or how long to wait in milliseconds. */
  take(tenant: string, nowMs: number): number {
    return this.moment.take(tenant, nowMs) || this.days.take(tenant, nowMs);
  }

  /**
   * Whether one more event may be stored.
   * @throws {QueueUnavailableError} when the store cannot be asked
   */
  async hasRoom(tenant: string, nowMs: number): Promise<boolean> {
    const holding = this.holdings.get(tenant) ?? (await this.count(tenant, nowMs));
    if (holding.atMost < this.limits.unsettled) return true;
    if (nowMs - holding.countedAtMs < COUNT_AGAIN_MS) return false;
    return (await this.count(tenant, nowMs)).atMost < this.limits.unsettled;
  }

  /** One event of this tenant was stored. */
  stored(tenant: string): void {
    const holding = this.holdings.get(tenant);
    if (holding) holding.atMost += 1;
  }

  /** Of many events that come at once only the first asks. */
  private count(tenant: string, nowMs: number): Promise<Holding> {
    const running = this.counting.get(tenant);
    if (running) return running;
    const started = this.ask(tenant, nowMs).finally(() => this.counting.delete(tenant));
    this.counting.set(tenant, started);
    return started;
  }

  private async ask(tenant: string, nowMs: number): Promise<Holding> {
    const { waitingEvents, deadLetters } = await this.queue.backlog(tenant);
    const holding = { atMost: waitingEvents + deadLetters, countedAtMs: nowMs };
    this.holdings.set(tenant, holding);
    return holding;
  }
}
