import { RecentlyUsed } from '../recently-used.js';
import { shortHash } from './short-hash.js';

/** A forgotten one is known again with its next call. */
const TENANTS_REMEMBERED = 10_000;

interface KnownTenant {
  readonly key: string;
  readonly fingerprint: string;
  readonly version: string;
}

/**
 * The last key of each tenant, in memory only and never on disk. Background work needs it to read the tenant's state;
 * after a restart a tenant is unknown here until the Marketplace calls for it, and its events wait.
 */
export class Tenants {
  private readonly known = new RecentlyUsed<KnownTenant>(TENANTS_REMEMBERED);
  /** Stopped and not called for since: nothing but a call of its own brings such a tenant back. */
  private readonly stopped = new RecentlyUsed<true>(TENANTS_REMEMBERED);

  /**
   * The Marketplace called for this tenant (a webhook, Start).
   * @param fingerprint of the tenant's state, as it was just read with this key
   */
  remember(tenant: string, key: string, fingerprint: string): void {
    this.stopped.delete(tenant);
    this.update(tenant, key, fingerprint);
  }

  /** As {@link remember}, for a probe that carried the key: it does not bring a stopped tenant back. */
  recall(tenant: string, key: string, fingerprint: string): void {
    if (!this.stopped.has(tenant)) this.update(tenant, key, fingerprint);
  }

  /** The state was read again for background work; a tenant that was stopped meanwhile stays unknown. */
  refresh(tenant: string, key: string, fingerprint: string): void {
    if (this.keyOf(tenant) === key) this.update(tenant, key, fingerprint);
  }

  private update(tenant: string, key: string, fingerprint: string): void {
    const earlier = this.known.get(tenant);
    if (earlier?.key === key && earlier.fingerprint === fingerprint) return;
    this.known.set(tenant, { key, fingerprint, version: shortHash(`${key} ${fingerprint}`) });
  }

  /** Stop: the key is gone at once. */
  forget(tenant: string): void {
    this.known.delete(tenant);
    this.stopped.set(tenant, true);
  }

  /** Stopped since this process began, and not called for since; after a restart such a tenant is unknown like any other. */
  isStopped(tenant: string): boolean {
    return this.stopped.has(tenant);
  }

  keyOf(tenant: string): string | undefined {
    return this.known.peek(tenant)?.key;
  }

  /**
   * Changes whenever the tenant's key or anything in its state does, and is the same in every process that knows the
   * same; empty for an unknown tenant.
   */
  versionOf(tenant: string): string {
    return this.known.peek(tenant)?.version ?? '';
  }

  /** Every tenant with a known key. */
  names(): string[] {
    return [...this.known.keys()];
  }
}
