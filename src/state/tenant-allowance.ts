import { RecentlyUsed } from '../recently-used.js';

const TENANTS_REMEMBERED = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** How much of something one tenant may have: so much at once, and so much a second in the long run. */
export interface AllowanceSize {
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket per tenant, so that a flood for one tenant takes nothing from another. In memory: a restart fills all. */
export class TenantAllowance {
  private readonly buckets = new RecentlyUsed<Bucket>(TENANTS_REMEMBERED);

  constructor(private readonly size: AllowanceSize) {}

  /** @returns 0 when the tenant may have one more, else how long to wait in milliseconds. */
  take(tenant: string, nowMs: number): number {
    const { burst, perSecond } = this.size;
    const bucket = this.buckets.get(tenant) ?? { tokens: burst, atMs: nowMs };
    const refill = (Math.max(0, nowMs - bucket.atMs) * perSecond) / 1_000;
    const tokens = Math.min(burst, bucket.tokens + refill);
    const allowed = tokens >= 1;
    this.buckets.set(tenant, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed ? 0 : Math.ceil(((1 - tokens) * 1_000) / perSecond);
  }
}
