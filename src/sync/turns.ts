/**
 * Whose turn it is: the tenant that was served longest ago comes first, so one tenant's backlog, however large, takes
 * only its share of the worker.
 */
export class Turns {
  private readonly lastServed = new Map<string, number>();
  private readonly inHand = new Map<string, number>();
  private counter = 0;

  inOrder(tenants: readonly string[]): string[] {
    return tenants.toSorted((a, b) => (this.lastServed.get(a) ?? 0) - (this.lastServed.get(b) ?? 0));
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
