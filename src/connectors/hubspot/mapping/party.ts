import type { RecordOf } from '../../../records/canonical-record.js';
import { propertiesOf, type Value, type Written } from './values.js';

type Party = RecordOf<'party'>;

/** A person. HubSpot shows a contact by its first and last name, or else by its e-mail address. */
export function contactOf({ fields, locator }: Party): Written {
  const { firstName, lastName, name, companyName, email, birthDate } = fields;
  const isNamed = Boolean(firstName) || Boolean(lastName);
  return {
    properties: propertiesOf({
      firstname: firstName,
      lastname: isNamed || name === undefined ? lastName : name,
      company: companyName,
      email,
      socotra_email: email,
      socotra_birth_date: birthDate,
      socotra_locator: locator,
      ...reachable(fields),
    }),
    fallbacks: { lastname: name ?? locator },
  };
}

/** An organization; a company of HubSpot has no e-mail address of its own. */
export function companyOf({ fields, locator }: Party): Written {
  const { name, companyName, email, birthDate } = fields;
  return {
    properties: propertiesOf({
      name: companyName ?? name,
      socotra_email: email,
      socotra_birth_date: birthDate,
      socotra_locator: locator,
      ...reachable(fields),
    }),
    fallbacks: { name: name ?? locator },
  };
}

/** The same in both. A part of the address that Socotra does not have is left as it is. */
function reachable({ phone, address }: Party['fields']): Readonly<Record<string, Value>> {
  if (address === null) return { phone, address: null, city: null, state: null, zip: null, country: null };
  const { street, city, region, postalCode, country } = address ?? {};
  return { phone, address: street, city, state: region, zip: postalCode, country };
}
