import 'reflect-metadata';
import type { Engine, EngineView } from '../../sandbox/conformance/engine.ts';
import type { Connector, HeldRecord } from '../../src/connectors/connector.js';
import { differenceOf } from '../../src/console/difference.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';
import type { CanonicalRecord } from '../../src/records/canonical-record.js';
import { type DeliveryContext, deliverRecords } from '../../src/sync/deliver-records.js';
import { guardedFor, lookAt } from '../../src/sync/preview.js';
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
    lookAt: views,
  };
}

/** What a look shows, in the words of the suite. */
async function views(
  records: readonly CanonicalRecord[],
  { target, ...context }: Pick<DeliveryContext, 'connector' | 'target' | 'connection' | 'known'>,
): Promise<readonly EngineView[]> {
  const guarded = guardedFor(context.connector, target);
  const seen = await lookAt(records, { ...context, guarded });
  return seen.map(({ record: { key }, found }): EngineView => {
    switch (found.kind) {
      case 'not_asked':
        return { key };
      case 'held':
        return { key, places: found.records.map(viewOf) };
      case 'not_set_up':
        return { key, problem: found.kind };
      case 'failed':
        return { key, problem: found.failure.code };
    }
  });
}

function viewOf(record: HeldRecord) {
  const differing = differenceOf(record).flatMap(({ field, differs }) => (differs ? [field] : []));
  return { isThere: record.held !== undefined, differing };
}
