/** What a claim holds while a worker has it. */
export interface Lease {
  readonly token: number;
  readonly claimedAtMs: number;
  readonly untilMs: number;
  /** An event was appended to the root after it was claimed. */
  touched: boolean;
}

/**
 * Who works on which root, in memory: one process owns the file, and a killed process holds nothing, so its roots are
 * due again at the next start without any clean-up.
 */
export class Leases {
  private readonly byRoot = new Map<string, Lease>();
  private nextToken = 1;

  take(tenant: string, root: string, claimedAtMs: number, untilMs: number): Lease {
    const lease = { token: this.nextToken++, claimedAtMs, untilMs, touched: false };
    this.byRoot.set(nameOf(tenant, root), lease);
    return lease;
  }

  /** The lease on this root, expired or not. */
  of(tenant: string, root: string): Lease | undefined {
    return this.byRoot.get(nameOf(tenant, root));
  }

  drop(tenant: string, root: string): void {
    this.byRoot.delete(nameOf(tenant, root));
  }

  /** Whether somebody works for this tenant. Looked up only for the few tenants that are on probation. */
  isInHand(tenant: string, nowMs: number): boolean {
    const prefix = nameOf(tenant, '');
    return [...this.byRoot].some(([name, { untilMs }]) => name.startsWith(prefix) && untilMs > nowMs);
  }

  /** How many roots are in hand, of all tenants. */
  get size(): number {
    return this.byRoot.size;
  }
}

function nameOf(tenant: string, root: string): string {
  return `${tenant} ${root}`;
}
