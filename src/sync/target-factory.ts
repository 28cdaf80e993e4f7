import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AccountHandle, Asked, Target } from '../connectors/connector.js';
import { ConnectionLimiter } from '../connectors/kit/connection-limiter.js';
import { OAuthTokens } from '../connectors/kit/oauth-tokens.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { shareOfLimits } from './share-of-limits.js';

/** Accounts remembered at most; of a forgotten one the connector learns again what it needs. */
const MAX_ACCOUNTS = 10_000;

/** What is asked about the other replicas; a queue knows it. */
export type Replicas = Pick<Queue, 'replicas' | 'runAlone'>;

const NO_OTHERS: Replicas = { replicas: () => 1, runAlone: (_names, task) => task() };

/** Gives a connector what it may use: the tenant's settings and the guarded, limited way out. */
@Injectable()
export class TargetFactory {
  private readonly tokens: OAuthTokens;
  private readonly limiters = new LRUCache<string, ConnectionLimiter>({ max: MAX_ACCOUNTS });
  /** Other credentials may open another account, or see more of the same one. */
  private readonly accounts = new LRUCache<string, AccountHandle>({ max: MAX_ACCOUNTS });

  constructor(
    private readonly outbound: OutboundHttp,
    @Inject(QUEUE) private readonly others: Replicas = NO_OTHERS,
  ) {
    this.tokens = new OAuthTokens(outbound.toTenantAddress, Date.now);
  }

  targetFor(state: TenantState, settings: TenantSettings): Target {
    const { connector, connection, values, environment } = settings;
    const account = `${state.tenant} ${connection}`;
    const replicas = this.others.replicas();
    const { limits, takesTurns } = shareOfLimits(connector.limits, replicas);
    const limiter = remembered(this.limiters, `${account} ${replicas}`, () => new ConnectionLimiter(limits, Date.now));
    const sendNow = this.outbound.toTenantAddress;
    const send: typeof sendNow = takesTurns
      ? (request) => this.others.runAlone([`account ${account}`], () => sendNow(request))
      : sendNow;
    return {
      settings: values,
      tenant: state.tenant,
      environment,
      account: remembered(this.accounts, hashOf([state.tenant, connection, values]), () => ({})),
      now: Date.now,
      request: (request) =>
        limiter.run(
          () => send(request),
          (response) => connector.classify(response, Date.now()),
        ),
      accessToken: (client, renew) => this.tokens.get(client, renew),
    };
  }

  /** The name under which it is remembered what the target's account holds. */
  async connectionOf(target: Target, { connector, connection }: TenantSettings): Promise<Asked<string>> {
    const identity = await connector.identify?.(target);
    if (identity === undefined) return { ok: true, value: connection };
    return identity.ok ? { ok: true, value: hashOf([connection, identity.value]).slice(0, 16) } : identity;
  }
}

function remembered<T extends object>(cache: LRUCache<string, T>, name: string, make: () => T): T {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const made = make();
  cache.set(name, made);
  return made;
}

function hashOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
