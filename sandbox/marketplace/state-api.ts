import { Faults } from '../http/faults.ts';
import type { JsonObject } from '../http/json.ts';
import { jsonListener, listenOnLoopback, type LoopbackServer } from '../http/loopback-server.ts';
import type { TenantTokens } from '../core/tenant-tokens.ts';
import type { Tenant } from './tenant.ts';

const TENANT_HOST_NAME = 'demo-configeditor.co.sandbox.socotra.com';

export interface StateApi {
  readonly server: LoopbackServer;
  readonly faults: Faults;
}

/** `GET /state/{key}`: no credential besides the key; every answer carries a fresh token, valid for a day of the story. */
export async function startStateApi(tenant: Tenant, coreUrl: string, tokens: TenantTokens): Promise<StateApi> {
  const faults = new Faults();
  const state = (): JsonObject => ({
    settings: tenant.settings,
    mappings: tenant.mappings.map((mapping) => ({ ...mapping })),
    socotraApiUrl: coreUrl,
    tenantHostName: TENANT_HOST_NAME,
    token: tokens.issue().token,
  });
  const server = await listenOnLoopback(
    jsonListener((request) =>
      faults.around(request, async () =>
        request.method === 'GET' && request.path === `/state/${encodeURIComponent(tenant.key)}`
          ? { status: 200, body: state() }
          : { status: 404, body: { message: 'unknown key' } },
      ),
    ),
  );
  return { server, faults };
}
