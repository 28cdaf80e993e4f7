import { RecentlyUsed } from '../recently-used.js';

/** Roots in hand at a time: enough to hide the latency of many targets, few enough for 128 MB. */
const MOST_IN_HAND = 16;
/**
 * While the event loop is late, webhooks wait behind the work: with these few a tenth of a processor answers within a third
 * of a second what with all of them takes one or two, and syncs nearly as much.
 */
const MOST_IN_HAND_WHILE_LATE = 4;
/** Earned one by one with each success, and lost when nobody answers. */
const MOST_IN_HAND_PER_TENANT = 4;
/** A silent target holds a root until its time is up (15 s), and a vendor's outage is one of many tenants at once. */
const MOST_IN_HAND_OF_SUSPECTS = 4;
/** What hangs leaves its place to others, as far as memory allows. */
const SLOW_AFTER_MS = 2_000;
const MOST_IN_HAND_WITH_SLOW_ONES = 32;
/** A forgotten tenant counts as served longest ago, and as one that answers. */
const TENANTS_REMEMBERED = 10_000;

/** Tenants that the queue may hand out work of, the longest unserved first, and how many roots of all of them. */
export interface Offer {
  readonly tenants: readonly string[];
  readonly limit: number;
}

/**
 * Whose turn it is: the tenant that was served longest ago comes first, so one tenant's backlog, however large, takes
 * only its share of the worker. Tenants whose Core or target did not answer last time, or has not for a while now, are
 * suspects: they share a few places, and do not take those of the others. A tenant of which nothing is known yet gets one
 * root in hand at a time. Times are of a clock that never jumps.
 */
export class Turns {
  private readonly lastServed = new RecentlyUsed<number>(TENANTS_REMEMBERED);
  /** Since when each root is in hand, the oldest first. */
  private readonly inHand = new Map<string, number[]>();
  private readonly shares = new RecentlyUsed<number>(TENANTS_REMEMBERED);
  private readonly silent = new RecentlyUsed<true>(TENANTS_REMEMBERED);
  private counter = 0;

  /**
   * What to ask the queue for: first of the trusted tenants, then of the suspects.
   *
   * @param isLate whether the event loop is late with everything
   */
  offers(names: readonly string[], nowMs: number, isLate = false): readonly Offer[] {
    const tenants = names
      .filter((tenant) => this.inHandOf(tenant) < this.shareOf(tenant))
      .toSorted((a, b) => (this.lastServed.peek(a) ?? 0) - (this.lastServed.peek(b) ?? 0));
    const isSuspect = (tenant: string) => this.isSuspect(tenant, nowMs);
    let [ofTrusted, ofSuspects] = [0, 0];
    for (const [tenant, since] of this.inHand) {
      if (isSuspect(tenant)) ofSuspects += since.length;
      else ofTrusted += since.length;
    }
    const free = MOST_IN_HAND_WITH_SLOW_ONES - ofTrusted - ofSuspects;
    const places = isLate ? MOST_IN_HAND_WHILE_LATE : MOST_IN_HAND;
    return [
      { tenants: tenants.filter((tenant) => !isSuspect(tenant)), limit: Math.min(free, places - ofTrusted) },
      { tenants: tenants.filter(isSuspect), limit: Math.min(free, MOST_IN_HAND_OF_SUSPECTS - ofSuspects) },
    ].filter((offer) => offer.tenants.length > 0 && offer.limit > 0);
  }

  begin(tenant: string, nowMs: number): void {
    this.lastServed.set(tenant, ++this.counter);
    this.inHand.set(tenant, [...(this.inHand.get(tenant) ?? []), nowMs]);
  }

  /** @param beganAtMs as it was said to {@link begin} */
  end(tenant: string, beganAtMs: number): void {
    const left = [...(this.inHand.get(tenant) ?? [])];
    left.splice(left.indexOf(beganAtMs), 1);
    if (left.length > 0) this.inHand.set(tenant, left);
    else this.inHand.delete(tenant);
  }

  /** Whoever this tenant's work needs did not answer. */
  suspect(tenant: string): void {
    this.silent.set(tenant, true);
    this.shares.delete(tenant);
  }

  /** The target has answered. */
  trust(tenant: string): void {
    this.silent.delete(tenant);
    this.shares.set(tenant, Math.min(MOST_IN_HAND_PER_TENANT, this.shareOf(tenant) + 1));
  }

  /** Roots of this tenant that are being synced. */
  inHandOf(tenant: string): number {
    return this.inHand.get(tenant)?.length ?? 0;
  }

  private shareOf(tenant: string): number {
    return this.shares.get(tenant) ?? 1;
  }

  private isSuspect(tenant: string, nowMs: number): boolean {
    const [oldestMs = nowMs] = this.inHand.get(tenant) ?? [];
    return this.silent.has(tenant) || nowMs - oldestMs >= SLOW_AFTER_MS;
  }
}
