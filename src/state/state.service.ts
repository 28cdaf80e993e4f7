import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { type StateAnswer, StateClient } from './state.client.js';
import type { TenantState } from './tenant-state.js';
import { Tenants } from './tenants.js';

/** What belongs to one request. */
interface RequestScope {
  /** The request's `x-smp-key`; undefined when the request carried none. */
  readonly key: string | undefined;
}

export type RequestState = StateAnswer | { readonly kind: 'no_key' };

const requestScope = new AsyncLocalStorage<RequestScope>();

/**
 * Answers for the request in hand: who is the tenant, what did it configure. The request is found through
 * AsyncLocalStorage, which costs next to nothing, where Nest's request scope would build the whole chain of providers
 * anew for each call (`docs/decisions/0002-state-per-request.md` has the measurement).
 */
@Injectable()
export class StateService {
  constructor(
    private readonly client: StateClient,
    private readonly tenants: Tenants,
  ) {}

  /** Runs `handle` as the request with this key; everything it calls sees that key and no other. */
  static runAs<T>(key: string | undefined, handle: () => T): T {
    return requestScope.run({ key }, handle);
  }

  /** The key of the request in hand. */
  get key(): string | undefined {
    return requestScope.getStore()?.key;
  }

  /** State of the request's tenant, possibly up to the cache's age old; the tenant's key is remembered for background work. */
  async current(maxWaitMs: number): Promise<RequestState> {
    const { key } = this;
    if (key === undefined) return { kind: 'no_key' };
    const answer = await this.client.get(key, maxWaitMs);
    if (answer.kind === 'known') this.remember(answer.state);
    return answer;
  }

  /**
   * As {@link current}, but asked for anew and never stale: Start must see what the customer has just saved. Nothing is
   * remembered yet: a tenant whose Start is refused is not worked for.
   */
  async currentAnew(maxWaitMs: number): Promise<RequestState> {
    const { key } = this;
    return key === undefined ? { kind: 'no_key' } : this.client.readAnew(key, maxWaitMs);
  }

  /** The tenant has started: from now on it is worked for with the request's key. */
  remember({ tenant, fingerprint }: TenantState): void {
    if (this.key !== undefined) this.tenants.remember(tenant, this.key, fingerprint);
  }

  /** As {@link current} with all the time in the world, for a probe. */
  async recall(): Promise<void> {
    await this.look(Infinity);
  }

  /** As {@link current}, for whoever only looks: it does not bring a stopped tenant back. */
  async look(maxWaitMs: number): Promise<RequestState> {
    const { key } = this;
    if (key === undefined) return { kind: 'no_key' };
    const answer = await this.client.get(key, maxWaitMs);
    if (answer.kind === 'known') this.tenants.recall(answer.state.tenant, key, answer.state.fingerprint);
    return answer;
  }
}
