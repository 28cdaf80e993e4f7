/** First wait after a failed run; it doubles up to the interval, so that a tenant that is gone is soon asked seldom. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;

interface Round {
  readonly nextMs: number;
  readonly failures: number;
}

/**
 * Whose turn it is to be caught up. The one that has waited longest comes first, so that neither many tenants nor some
 * whose Core is silent keep another one waiting.
 */
export class Rounds {
  private readonly rounds = new Map<string, Round>();

  /** @param intervalMs between two runs of a tenant; Infinity: only when it becomes known */
  constructor(private readonly intervalMs: number) {}

  /** The tenants that are due, the longest waiting first. A tenant without a run is due at once; one not named is forgotten. */
  due(tenants: readonly string[], nowMs: number): string[] {
    const known = new Set(tenants);
    for (const tenant of this.rounds.keys()) if (!known.has(tenant)) this.rounds.delete(tenant);
    const nextOf = (tenant: string) => this.rounds.get(tenant)?.nextMs ?? 0;
    return tenants.filter((tenant) => nextOf(tenant) <= nowMs).toSorted((a, b) => nextOf(a) - nextOf(b));
  }

  /** @returns how long the tenant now waits, in milliseconds */
  ended(tenant: string, how: 'complete' | 'more' | 'failed', nowMs: number): number {
    const failures = how === 'failed' ? (this.rounds.get(tenant)?.failures ?? 0) + 1 : 0;
    const waitMs = this.waitAfter(how, failures);
    this.rounds.set(tenant, { nextMs: nowMs + waitMs, failures });
    return waitMs;
  }

  /** The tenant is due at once. */
  forget(tenant: string): void {
    this.rounds.delete(tenant);
  }

  private waitAfter(how: 'complete' | 'more' | 'failed', failures: number): number {
    if (how === 'more') return 0;
    if (how === 'complete') return this.intervalMs;
    const longestMs = Math.max(FIRST_RETRY_MS, Math.min(this.intervalMs, LONGEST_RETRY_MS));
    return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), longestMs, this.intervalMs);
  }
}
