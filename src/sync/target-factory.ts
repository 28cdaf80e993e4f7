import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AccountHandle, Asked, Failure, Target, TargetResponse } from '../connectors/connector.js';
import { ConnectionLimiter } from '../connectors/kit/connection-limiter.js';
import { OAuthTokens } from '../connectors/kit/oauth-tokens.js';
import type { HttpRequest } from '../http/exchange.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { LockNotGivenError, QUEUE, type Queue } from '../queue/queue.js';
import { RecentlyUsed } from '../recently-used.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { shareOfLimits } from './share-of-limits.js';

/** Of a forgotten one the connector learns again what it needs. */
const ACCOUNTS_REMEMBERED = 10_000;

/** What is asked about the other replicas; a queue knows it. */
export type Replicas = Pick<Queue, 'replicas' | 'runAlone'>;

const NO_OTHERS: Replicas = { replicas: () => 1, runAlone: (_names, task) => task() };

const always = () => true;

/** Holds nobody else: the connection itself is well. */
const TAKEN_OVER: TargetResponse = { kind: 'held', retryAfterMs: 0 };

/** Nothing was sent: the other replicas had the account for minutes, or this process ends. */
const NOT_OUR_TURN: TargetResponse = { kind: 'held', retryAfterMs: 1_000 };

/** Gives a connector what it may use: the tenant's settings and the guarded, limited way out. */
@Injectable()
export class TargetFactory {
  private readonly tokens: OAuthTokens;
  private readonly limiters = new RecentlyUsed<ConnectionLimiter>(ACCOUNTS_REMEMBERED);
  /** Other credentials may open another account, or see more of the same one. */
  private readonly accounts = new RecentlyUsed<AccountHandle>(ACCOUNTS_REMEMBERED);

  constructor(
    private readonly outbound: OutboundHttp,
    @Inject(QUEUE) private readonly others: Replicas = NO_OTHERS,
  ) {
    this.tokens = new OAuthTokens(outbound.toTenantAddress, Date.now);
  }

  /** @param maySend asked right before every request: others may have taken over the work meanwhile */
  targetFor(state: TenantState, settings: TenantSettings, maySend: () => boolean = always): Target {
    const { connector, connection, values, environment } = settings;
    const account = `${state.tenant} ${connection}`;
    const { limits, takesTurns } = shareOfLimits(connector.limits, this.others.replicas());
    const limiter = remembered(this.limiters, account, () => new ConnectionLimiter(limits, Date.now));
    limiter.changeTo(limits);
    const sendNow = (request: HttpRequest) =>
      maySend() ? this.outbound.toTenantAddress(request) : Promise.resolve(TAKEN_OVER);
    const send: typeof sendNow = takesTurns
      ? (request) => this.others.runAlone([`account ${account}`], () => sendNow(request)).catch(unlessInTurn)
      : sendNow;
    return {
      settings: values,
      tenant: state.tenant,
      environment,
      timeZone: state.timeZone,
      account: remembered(this.accounts, hashOf([state.tenant, connection, values]), () => ({})),
      now: Date.now,
      request: (request) =>
        limiter.run(
          () => send(request),
          (response) => connector.classify(response, Date.now()),
        ),
      accessToken: (client, refused, keptForMs) => this.tokens.get(client, refused, keptForMs),
    };
  }

  /** The name under which it is remembered what the target's account holds. */
  async connectionOf(target: Target, { connector, connection }: TenantSettings): Promise<Asked<string>> {
    const identity = await connector.identify?.(target);
    if (identity === undefined) return { ok: true, value: connection };
    if (!identity.ok) return { ok: false, failure: ofWholeConnection(identity.failure) };
    return { ok: true, value: hashOf([connection, identity.value]).slice(0, 16) };
  }
}

function unlessInTurn(error: unknown): TargetResponse {
  if (error instanceof LockNotGivenError) return NOT_OUR_TURN;
  throw error;
}

/** Refused is here the account itself, not a record: the events wait until somebody mends that. */
function ofWholeConnection(failure: Failure): Failure {
  const isRefused = failure.outcome === 'rejected' || failure.outcome === 'dependency';
  return isRefused ? { outcome: 'auth', code: 'target_unauthorized' } : failure;
}

function remembered<T extends object>(cache: RecentlyUsed<T>, name: string, make: () => T): T {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const made = make();
  cache.set(name, made);
  return made;
}

function hashOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
