import type { Asked, DeliveryResult } from '../../connector.js';
import { partyRow, stateDomain } from '../mapping/party.js';
import type { Odoo } from '../odoo.api.js';
import { upsertRows } from '../odoo.load.js';
import { allFailed, type DeliveryOf, withRefused, type Writer } from './writing.js';

const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'name']);

/** A place abroad must not stand in the country of the last address. */
const COUNTRY: ReadonlySet<string> = new Set(['country_id']);

export const writeParties: Writer<'party'> = async (deliveries, { odoo }) => {
  const states = await findStates(odoo, deliveries);
  if (!states.ok) return allFailed(deliveries, states.failure);
  const stateOf = ({ record }: DeliveryOf<'party'>) => states.value.get(placeOf(record.fields.address) ?? '');
  const entries = deliveries.map((delivery) => ({
    delivery,
    row: partyRow(delivery.record, delivery, stateOf(delivery)),
  }));
  const results = await upsertRows({ odoo, model: 'res.partner', essential: ESSENTIAL, emptied: COUNTRY }, entries);
  return results.map((result, index): DeliveryResult => {
    const delivery = deliveries[index];
    const isLost = delivery?.record.fields.address?.region !== undefined && stateOf(delivery) === undefined;
    return isLost ? withRefused(result, { field: 'state_id', code: 'no_matching_record' }) : result;
  });
};

type Address = DeliveryOf<'party'>['record']['fields']['address'];

function placeOf(address: Address): string | undefined {
  return address?.region === undefined ? undefined : JSON.stringify([address.region, address.country]);
}

/** Odoo's ids of the states in the addresses, by place; a place that fits none or several states has none. */
async function findStates(
  odoo: Odoo,
  deliveries: readonly DeliveryOf<'party'>[],
): Promise<Asked<ReadonlyMap<string, number>>> {
  const found = new Map<string, number>();
  const addresses = deliveries.map(({ record }) => record.fields.address);
  for (const [place, address] of new Map(addresses.map((address) => [placeOf(address), address]))) {
    if (place === undefined || address?.region === undefined) continue;
    const rows = await odoo.searchRead('res.country.state', stateDomain(address.region, address.country), ['id']);
    if (!rows.ok && rows.failure.outcome !== 'rejected') return rows;
    const [first, ...others] = rows.ok ? rows.value : [];
    if (typeof first?.['id'] === 'number' && others.length === 0) found.set(place, first['id']);
  }
  return { ok: true, value: found };
}
