import { LRUCache } from 'lru-cache';

/** Events one tenant may send at once, and per second in the long run: far above any insurer, far below a flood. */
const BURST = 10_000;
const PER_SECOND = 500;
const MAX_TENANTS = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket per tenant, so that a flood for one tenant cannot fill the queue of all. */
export class AcceptLimiter {
  constructor(
    private readonly burst = BURST,
    private readonly perSecond = PER_SECOND,
  ) {}

  private readonly buckets = new LRUCache<string, Bucket>({ max: MAX_TENANTS });

  /** @returns 0 when the event may be accepted, else how long to wait in milliseconds. */
  take(tenant: string, nowMs: number): number {
    const bucket = this.buckets.get(tenant) ?? { tokens: this.burst, atMs: nowMs };
    const refill = (Math.max(0, nowMs - bucket.atMs) * this.perSecond) / 1_000;
    const tokens = Math.min(this.burst, bucket.tokens + refill);
    const allowed = tokens >= 1;
    this.buckets.set(tenant, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed ? 0 : Math.ceil(((1 - tokens) * 1_000) / this.perSecond);
  }
}
