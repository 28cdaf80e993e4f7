import { LRUCache } from 'lru-cache';

/** A forgotten tenant counts as served longest ago. */
const MAX_TENANTS = 10_000;

/**
 * Whose turn it is: the tenant that was served longest ago comes first, so one tenant's backlog, however large, takes
 * only its share of the worker.
 */
export class Turns {
  private readonly lastServed = new LRUCache<string, number>({ max: MAX_TENANTS });
  private readonly inHand = new Map<string, number>();
  private counter = 0;

  inOrder(tenants: readonly string[]): string[] {
    return tenants.toSorted((a, b) => (this.lastServed.peek(a) ?? 0) - (this.lastServed.peek(b) ?? 0));
  }

  begin(tenant: string): void {
    this.lastServed.set(tenant, ++this.counter);
    this.inHand.set(tenant, this.inHandOf(tenant) + 1);
  }

  end(tenant: string): void {
    const left = this.inHandOf(tenant) - 1;
    if (left > 0) this.inHand.set(tenant, left);
    else this.inHand.delete(tenant);
  }

  /** Roots of this tenant that are being synced. */
  inHandOf(tenant: string): number {
    return this.inHand.get(tenant) ?? 0;
  }
}
