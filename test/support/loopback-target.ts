import type { Connector } from '../../src/connectors/connector.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';
import { fakeTarget } from './fake-target.js';

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
  const { target } = fakeTarget({
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => declared.has(name))),
    answers: async (request) => {
      const response = await outbound.toTenantAddress(request);
      exchanges.push({ request, response });
      return response;
    },
  });
  return { target: { ...target, now: Date.now }, exchanges, close: () => outbound.close() };
}
