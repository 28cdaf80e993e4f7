import { Injectable } from '@nestjs/common';
import type { Target } from '../connectors/connector.js';
import { OAuthTokens } from '../connectors/oauth-tokens.js';
import { OutboundHttp } from '../http/outbound-http.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';

/** Gives a connector what it may use: the tenant's settings and the guarded way out. */
@Injectable()
export class TargetFactory {
  private readonly tokens: OAuthTokens;

  constructor(private readonly outbound: OutboundHttp) {
    this.tokens = new OAuthTokens(outbound.toTenantAddress, Date.now);
  }

  targetFor(state: TenantState, settings: TenantSettings): Target {
    return {
      settings: settings.values,
      tenant: state.tenant,
      environment: settings.environment,
      now: Date.now,
      request: this.outbound.toTenantAddress,
      accessToken: (client, renew) => this.tokens.get(client, renew),
    };
  }
}
