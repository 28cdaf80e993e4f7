import type { RecordOf } from '../../../records/canonical-record.js';
import type { Delivery } from '../../connector.js';
import type { Cells, OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId } from './cells.js';

/** A policyholder: `res.partner`. @param stateId Odoo's id of the state, where it was found */
export function partyRow(record: RecordOf<'party'>, { targetId }: Delivery, stateId?: number): OdooRow {
  const { key, locator, fields } = record;
  // A contact needs a name; one that is known to be there keeps its own.
  const name = fields.name ?? (targetId === undefined ? locator : undefined);
  return {
    cells: {
      id: externalId(key),
      ...cell('name', name),
      ...cell('email', fields.email),
      ...(fields.type !== undefined && { company_type: fields.type === 'organization' ? 'company' : 'person' }),
      ref: locator,
      ...cell('phone', fields.phone),
      ...addressCells(fields.address, stateId),
      ...customCells(fields),
    },
  };
}

/** A part that the tenant does not map stays as people entered it. */
function addressCells(address: RecordOf<'party'>['fields']['address'], stateId: number | undefined): Cells {
  if (address === undefined) return {};
  if (address === null) return { street: '', city: '', zip: '', country_id: '', 'state_id/.id': '' };
  const { street, city, postalCode, country, region } = address;
  return {
    ...cell('street', street),
    ...cell('city', city),
    ...cell('zip', postalCode),
    ...cell('country_id', country),
    // A state that Odoo does not know is none: that of the last address would be wrong.
    ...(region !== undefined && { 'state_id/.id': stateId?.toString() ?? '' }),
  };
}

/** The domain that finds a state by its code or name: `CA` alone is one of several countries'. */
export function stateDomain(region: string, country: string | undefined): readonly unknown[] {
  const byCountry =
    country === undefined
      ? []
      : ['|', ['country_id.code', '=', country.toUpperCase()], ['country_id.name', '=ilike', country]];
  return [...byCountry, '|', ['code', '=ilike', region], ['name', '=ilike', region]];
}
