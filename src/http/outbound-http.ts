import type { Agent } from 'undici';
import type { AddressGuard } from './address-guard.js';
import type { SendHttp } from './exchange.js';
import { httpSender } from './http-sender.js';
import { lowLevelHttpService } from './low-level-http-service.js';
import { guardedDispatcher, trustedDispatcher } from './dispatchers.js';

/** A State API answer is a few kB. */
const PLATFORM_EXCHANGE = { totalMs: 5_000, maxAnswerBytes: 1_048_576 };
/** A policy with a long history exceeds 400 kB. */
const TENANT_EXCHANGE = { totalMs: 15_000, maxAnswerBytes: 4_194_304 };
const CONNECTION_LIMITS = { connectMs: 5_000, silenceMs: 15_000, connectionsPerOrigin: 8 };

/** The two ways out of this process. */
export class OutboundHttp {
  /** To the Marketplace's State API, whose address the operator sets. */
  readonly toPlatform: SendHttp;
  /** To addresses that tenants or targets name (Core, CRMs, token endpoints): guarded. */
  readonly toTenantAddress: SendHttp;
  private readonly agents: readonly Agent[];

  constructor(guard: AddressGuard, userAgent: string) {
    const platform = trustedDispatcher(CONNECTION_LIMITS);
    const tenant = guardedDispatcher(guard, CONNECTION_LIMITS);
    this.agents = [platform, tenant];
    this.toPlatform = httpSender(lowLevelHttpService(platform), { ...PLATFORM_EXCHANGE, userAgent });
    this.toTenantAddress = httpSender(lowLevelHttpService(tenant), { ...TENANT_EXCHANGE, userAgent }, guard);
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.destroy()));
  }
}
