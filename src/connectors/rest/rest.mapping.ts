import type { Delivery, Target } from '../connector.js';

/**
 * The body of one push: `docs/rest-record.schema.json` describes it for receivers.
 *
 * @param id stands for the request as a whole, see there
 */
export function pushBody(deliveries: readonly Delivery[], id: string, target: Target): string {
  return JSON.stringify({
    specVersion: '1',
    deliveryId: id,
    tenant: target.tenant,
    environment: target.environment,
    records: deliveries.map(pushedRecord),
  });
}

function pushedRecord({ record, revision, event }: Delivery): object {
  const { kind, op, key, locator, fields, relations } = record;
  return {
    kind,
    op,
    key,
    locator,
    revision,
    fields,
    relations: relations.map((relation) => ({ name: relation.name, kind: relation.kind, key: relation.key })),
    event: { id: event.id, type: event.type, occurredAt: new Date(event.occurredAtMs).toISOString() },
  };
}

export function pingBody(target: Target): string {
  return JSON.stringify({ specVersion: '1', type: 'ping', tenant: target.tenant, environment: target.environment });
}
