import type { UndoLog } from './undo-log.js';

/** What a claim holds while a worker has it. */
export interface Lease {
  readonly token: number;
  readonly claimedAtMs: number;
  /** By the process's own clock, which nobody sets: a leap of the date must not take a root out of a worker's hands. */
  readonly endsAtMs: number;
  /** An event came to the root after it was claimed. */
  touched: boolean;
}

/**
 * Who works on which root, in memory: one process owns the file, and a killed process holds nothing, so its roots are
 * due again at the next start without any clean-up.
 */
export class Leases {
  private readonly byRoot = new Map<string, Lease>();
  private nextToken = 1;

  constructor(private readonly undoLog: UndoLog) {}

  take(tenant: string, root: string, claimedAtMs: number, leaseMs: number): Lease {
    const endsAtMs = performance.now() + leaseMs;
    const lease = { token: this.nextToken++, claimedAtMs, endsAtMs, touched: false };
    this.byRoot.set(nameOfRoot(tenant, root), lease);
    return lease;
  }

  /** The lease on this root, expired or not. */
  of(tenant: string, root: string): Lease | undefined {
    return this.byRoot.get(nameOfRoot(tenant, root));
  }

  /** How long the root stays in somebody's hands, in milliseconds; 0: nobody's. */
  restMs(tenant: string, root: string): number {
    const lease = this.of(tenant, root);
    return lease === undefined ? 0 : Math.max(0, lease.endsAtMs - performance.now());
  }

  drop(tenant: string, root: string): void {
    this.byRoot.delete(nameOfRoot(tenant, root));
  }

  /** Within a transaction. Of these roots, by their names, those in hand that nothing has come to before; from now on something has. */
  touch<T>(roots: ReadonlyMap<string, T>): T[] {
    const touched: T[] = [];
    for (const [name, lease] of this.byRoot) {
      const root = roots.get(name);
      if (root === undefined || lease.touched) continue;
      lease.touched = true;
      this.undoLog.note(() => (lease.touched = false));
      touched.push(root);
    }
    return touched;
  }

  /** Whether somebody works for this tenant. */
  isInHand(tenant: string): boolean {
    const nowMs = performance.now();
    return this.ofTenant(tenant).some(({ endsAtMs }) => endsAtMs > nowMs);
  }

  /** How many roots of this tenant have a lease, expired or not. */
  countOf(tenant: string): number {
    return this.ofTenant(tenant).length;
  }

  /** Looks through all of them, which the worker keeps few. */
  private ofTenant(tenant: string): readonly Lease[] {
    const prefix = nameOfRoot(tenant, '');
    return [...this.byRoot].filter(([name]) => name.startsWith(prefix)).map(([, lease]) => lease);
  }
}

/** One text for both: neither holds a space. */
export function nameOfRoot(tenant: string, root: string): string {
  return `${tenant} ${root}`;
}
