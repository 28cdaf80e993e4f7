import { LRUCache } from 'lru-cache';

/** Tenants remembered at most; a forgotten one is known again with its next call. */
const MAX_TENANTS = 10_000;

/**
 * The last key of each tenant, in memory only and never on disk. Background work needs it to read the tenant's state;
 * after a restart a tenant is unknown here until the Marketplace calls for it, and its events wait.
 */
export class Tenants {
  private readonly keys = new LRUCache<string, string>({ max: MAX_TENANTS });

  remember(tenant: string, key: string): void {
    this.keys.set(tenant, key);
  }

  forget(tenant: string): void {
    this.keys.delete(tenant);
  }

  keyOf(tenant: string): string | undefined {
    return this.keys.get(tenant);
  }

  /** Every tenant with a known key. */
  names(): string[] {
    return [...this.keys.keys()];
  }
}
