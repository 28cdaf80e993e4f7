import type { Connector, Target } from '../../src/connectors/connector.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';

/** A request as it was sent, with what came back. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** As much of a stand-in as a connector needs. */
interface Standing {
  readonly hosts: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** A connector's way to a stand-in over the app's own HTTP, without limits; everything that passes is written down. */
export function loopbackTarget({ hosts, settings }: Standing, connector: Connector) {
  const outbound = new OutboundHttp(new AddressGuard(hosts), 'socotra-sync/test');
  const exchanges: Exchange[] = [];
  const declared = new Set(connector.fields.map(({ name }) => name));
  const target: Target = {
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => declared.has(name))),
    tenant: 'abc123',
    environment: 'production',
    account: {},
    now: Date.now,
    request: async (request) => {
      const response = await outbound.toTenantAddress(request);
      exchanges.push({ request, response });
      return response;
    },
    accessToken: () => Promise.reject(new Error('Nobody expected a question for a token.')),
  };
  return { target, exchanges, close: () => outbound.close() };
}
