import type { Agent } from 'undici';
import type { AddressGuard } from './address-guard.js';
import { AnswerRoom } from './answer-room.js';
import type { SendHttp } from './exchange.js';
import { httpSender } from './http-sender.js';
import { guardedDispatcher, trustedDispatcher } from './dispatchers.js';
import { type OutboundTimes, PRODUCTION_TIMES } from './outbound-times.js';
import { exchangeOver, platformHttpService } from './platform-http-service.js';
import { poolExchange } from './pool-exchange.js';

/** A State API answer is a few kB. */
const PLATFORM_ANSWER_BYTES = 1_048_576;
/** A policy with a long history exceeds 400 kB. */
const TENANT_ANSWER_BYTES = 4_194_304;
/**
 * Tenants share the address of Core and of popular targets, and those whose calls hang must not use up the connections
 * of the others: so as many as all roots in hand together need, which the worker bounds (16, each a few reads at a time).
 */
const CONNECTIONS_PER_ORIGIN = 64;

/** The two ways out of this process. */
export class OutboundHttp {
  /** To the Marketplace's State API, whose address the operator sets. */
  readonly toPlatform: SendHttp;
  /** To addresses that tenants or targets name (Core, CRMs, token endpoints): guarded. */
  readonly toTenantAddress: SendHttp;
  private readonly agents: readonly Agent[];

  constructor(guard: AddressGuard, userAgent: string, times: OutboundTimes = PRODUCTION_TIMES) {
    const { connectMs, silenceMs, platformMs, tenantMs } = times;
    const connections = { connectMs, silenceMs, connectionsPerOrigin: CONNECTIONS_PER_ORIGIN };
    const platform = trustedDispatcher(connections);
    const tenant = guardedDispatcher(guard, connections);
    this.agents = [platform, tenant];
    const toPlatform = { totalMs: platformMs, maxAnswerBytes: PLATFORM_ANSWER_BYTES, userAgent };
    const toTenantAddress = { totalMs: tenantMs, maxAnswerBytes: TENANT_ANSWER_BYTES, userAgent };
    const room = new AnswerRoom();
    this.toPlatform = httpSender(exchangeOver(platformHttpService(poolExchange(platform, room))), toPlatform);
    this.toTenantAddress = httpSender(poolExchange(tenant, room), toTenantAddress, guard);
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.destroy()));
  }
}
