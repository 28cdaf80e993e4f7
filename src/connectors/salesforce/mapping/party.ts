import type { PartyFields, PostalAddress, RecordOf } from '../../../records/canonical-record.js';
import type { Org } from '../salesforce.org.js';
import { type PlannedRow, rowOf } from './planned-row.js';

type Party = RecordOf<'party'>;

/**
 * An organization is an account. A person is a person account where the org has them, else an account with one contact,
 * both under the person's key.
 */
export function partyRows(record: Party, org: Org): readonly PlannedRow[] {
  if (!isPerson(record.fields)) return [businessAccount(record, org)];
  if (org.personAccounts) return [personAccount(record, org)];
  const own = Object.keys(record.fields.custom ?? {});
  const onContact = own.filter(
    (name) => !org.objects.get('Account')?.has(name) && org.objects.get('Contact')?.has(name),
  );
  const onAccount = own.filter((name) => !onContact.includes(name));
  return [
    without(businessAccount(record, org), onContact),
    {
      ...without(contactOf(record, org), onAccount),
      ties: [{ relationship: 'Account', key: record.key, required: true }],
    },
  ];
}

/** A field of the tenant's own stands on one of the two, wherever it was created. */
function without(row: PlannedRow, names: readonly string[]): PlannedRow {
  const values = Object.entries(row.values).filter(([name]) => !names.includes(name));
  return { ...row, values: Object.fromEntries(values) };
}

function isPerson({ type, firstName, lastName, birthDate }: Partial<PartyFields>): boolean {
  if (type !== undefined) return type === 'person';
  return Boolean(firstName) || Boolean(lastName) || Boolean(birthDate);
}

function businessAccount(record: Party, org: Org): PlannedRow {
  const { name, email, phone, address } = record.fields;
  const values = { Name: name, Socotra_Email__c: email, Phone: phone, ...addressFields('Billing', address) };
  return rowOf('Account', record, org, values, { Name: record.locator });
}

function personAccount(record: Party, org: Org): PlannedRow {
  const { email, phone, birthDate, address } = record.fields;
  const values = {
    RecordTypeId: org.personRecordTypeId,
    ...nameFields(record),
    PersonEmail: email,
    Phone: phone,
    PersonBirthdate: birthDate,
    ...addressFields('PersonMailing', address),
  };
  return rowOf('Account', record, org, values, { LastName: record.locator });
}

function contactOf(record: Party, org: Org): PlannedRow {
  const { email, phone, birthDate, address } = record.fields;
  const values = {
    ...nameFields(record),
    Email: email,
    Phone: phone,
    Birthdate: birthDate,
    ...addressFields('Mailing', address),
  };
  return rowOf('Contact', record, org, values, { LastName: record.locator });
}

/** Salesforce knows nobody without a last name: whoever has none has the whole name as one, and then no first name beside it. */
function nameFields({ fields: { firstName, lastName, name } }: Party) {
  if (lastName || !name) return { FirstName: firstName, LastName: lastName || undefined };
  return { FirstName: null, LastName: name };
}

type AddressFields<P extends string> = {
  readonly [F in `${P}${'Street' | 'City' | 'State' | 'PostalCode' | 'Country'}`]?: string | null | undefined;
};

/** No address clears all of its parts. */
function addressFields<P extends 'Billing' | 'Mailing' | 'PersonMailing'>(
  prefix: P,
  address: PostalAddress | null | undefined,
): AddressFields<P> {
  if (address === undefined) return {};
  const part = (name: keyof PostalAddress) => (address === null ? null : address[name]);
  const fields: Readonly<Record<string, string | null | undefined>> = {
    [`${prefix}Street`]: part('street'),
    [`${prefix}City`]: part('city'),
    [`${prefix}State`]: part('region'),
    [`${prefix}PostalCode`]: part('postalCode'),
    [`${prefix}Country`]: part('country'),
  };
  // Safe: the five names are those of the type; the compiler does not compute them.
  return fields as AddressFields<P>;
}
