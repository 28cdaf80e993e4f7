import { Injectable } from '@nestjs/common';
import PQueue from 'p-queue';
import { CoreClient, MAX_PARALLEL_CALLS } from '../core/core-client.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { RecentlyUsed } from '../recently-used.js';
import { type StateAnswer, StateClient } from '../state/state.client.js';
import { TenantAllowance } from '../state/tenant-allowance.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { Tenants } from '../state/tenants.js';

/** A tenant that can be worked for: its settings are usable and Core is known. Read anew for each piece of work. */
export interface ReadyTenant {
  readonly state: TenantState;
  readonly settings: TenantSettings;
  readonly core: CoreClient;
}

/** Whether background work can be done for a tenant right now. */
export type TenantReadiness =
  | { readonly kind: 'ready'; readonly tenant: ReadyTenant }
  /** The customer must change something. */
  | {
      readonly kind: 'blocked';
      readonly code: 'settings_invalid' | 'core_not_connected' | 'unknown_key';
    }
  /** The State API does not answer: wait, and ask again. */
  | { readonly kind: 'unavailable' };

/** Prepares background work for a tenant from its remembered key: its state, its settings, its Core. */
@Injectable()
export class TenantReader {
  /** Five at a time come to less than this as a rule: it bounds what a flood of forged webhooks costs Core over hours. */
  private readonly calls = new TenantAllowance({ burst: 6_000, perSecond: 100 });
  /** Core documents no rate limit, so the calls of one tenant share one gate over all its roots. */
  private readonly gates = new RecentlyUsed<PQueue>(10_000);

  constructor(
    private readonly tenants: Tenants,
    private readonly stateClient: StateClient,
    private readonly outbound: OutboundHttp,
  ) {}

  async read(tenant: string): Promise<TenantReadiness> {
    const key = this.tenants.keyOf(tenant);
    if (key === undefined) return { kind: 'unavailable' };
    const answer = await this.stateClient.getFresh(key);
    // The Marketplace has given the tenant another key meanwhile: the old one may be good for nothing any more.
    if (this.tenants.keyOf(tenant) !== key) return this.read(tenant);
    if (answer.kind === 'unavailable') return { kind: 'unavailable' };
    if (!isOf(tenant, answer)) return { kind: 'blocked', code: 'unknown_key' };
    this.tenants.refresh(tenant, key, answer.state.fingerprint);
    return this.prepare(key, answer.state);
  }

  private prepare(key: string, state: TenantState): TenantReadiness {
    const { settings, core } = state;
    if (!settings.ok) return { kind: 'blocked', code: 'settings_invalid' };
    if (core === undefined) return { kind: 'blocked', code: 'core_not_connected' };
    const client = new CoreClient({
      baseUrl: core.apiUrl,
      token: core.token,
      request: this.outbound.toTenantAddress,
      refreshToken: async () => {
        const answer = await this.stateClient.refresh(key);
        if (answer.kind === 'unavailable') return 'unavailable';
        return { token: isOf(state.tenant, answer) ? answer.state.core?.token : undefined };
      },
      gate: this.gateOf(state.tenant),
      mayCall: () => this.calls.take(state.tenant, Date.now()) === 0,
      now: Date.now,
    });
    return { kind: 'ready', tenant: { state, settings: settings.settings, core: client } };
  }

  private gateOf(tenant: string): PQueue {
    const known = this.gates.get(tenant);
    if (known !== undefined) return known;
    const gate = new PQueue({ concurrency: MAX_PARALLEL_CALLS });
    this.gates.set(tenant, gate);
    return gate;
  }
}

/** A key may by now mean somebody else, whose settings and tokens must never serve this tenant's work. */
function isOf(tenant: string, answer: StateAnswer): answer is Extract<StateAnswer, { kind: 'known' }> {
  return answer.kind === 'known' && answer.state.tenant === tenant;
}
