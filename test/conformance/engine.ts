import 'reflect-metadata';
import type { Engine } from '../../sandbox/conformance/engine.ts';
import type { Connector } from '../../src/connectors/connector.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';
import { deliverRecords } from '../../src/sync/deliver-records.js';
import { TargetFactory } from '../../src/sync/target-factory.js';

/** The app's own pieces around these connectors, for the conformance suite. */
export function engineWith(connectors: readonly Connector[]): Engine {
  return {
    connectors,
    openProcess: (hosts) => {
      const outbound = new OutboundHttp(new AddressGuard(hosts), 'socotra-sync/test');
      return { targets: new TargetFactory(outbound), close: () => outbound.close() };
    },
    deliverRecords,
  };
}
