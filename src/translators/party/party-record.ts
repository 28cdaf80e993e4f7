import type { FieldValues, Policyholder } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import type { PartyField } from '../../records/mapping-fields.js';
import type { LocalDate, PostalAddress, RecordOf } from '../../records/canonical-record.js';
import { localDate } from '../../records/local-date.js';
import { canonicalRecord } from '../record.js';
import type { LevelInput } from '../translator.js';

/** An event of a customer that names a policy as well brings what that holds, and its status needs the grace periods. */
export const PARTY_NEEDS = ['policyholder', 'gracePeriods'] as const satisfies readonly SnapshotMember[];

/**
 * Names of policyholder values to use where the tenant mapped nothing, first hit wins. The schema is the tenant's own;
 * these are the names of Socotra's default configuration and their usual siblings.
 */
const DEFAULT_NAMES: { readonly [F in PartyField]: readonly string[] } = {
  'party-first-name': ['first_name'],
  'party-last-name': ['last_name'],
  'party-company-name': ['company_name'],
  'party-email': ['email'],
  'party-phone': ['phone'],
  'party-street': ['street', 'address'],
  'party-city': ['city'],
  'party-region': ['state'],
  'party-postal-code': ['zip', 'postal_code'],
  'party-country': ['country'],
  'party-birth-date': ['date_of_birth'],
};

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T/;
/** Socotra's templates format dates of birth as milliseconds; fewer digits would be something else. */
const EPOCH_MS = /^-?\d{11,15}$/;

/** A mapped field wins even when it is empty: the tenant said where the value lives. Several values become one text. */
function textOf(input: LevelInput, policyholder: Policyholder, field: PartyField): string | undefined {
  const values = input.mapped[field] ?? defaultValues(policyholder.values, field);
  const texts = values.map((value) => value.trim()).filter((value) => value !== '');
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}

function defaultValues(values: FieldValues, field: PartyField): readonly string[] {
  return DEFAULT_NAMES[field].map((name) => values[name]).find((found) => found !== undefined) ?? [];
}

/** A plain day stays as it is; an instant becomes the day it was where the tenant is. Anything else is no date. */
function birthDateOf(text: string | undefined, timeZone: string): LocalDate | undefined {
  if (text === undefined || ISO_DAY.test(text)) return text;
  const instantMs = EPOCH_MS.test(text) ? Number(text) : ISO_INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instantMs) ? undefined : localDate(instantMs, timeZone);
}

function addressOf(text: (field: PartyField) => string | undefined): PostalAddress | undefined {
  const street = text('party-street');
  const city = text('party-city');
  const region = text('party-region');
  const postalCode = text('party-postal-code');
  const country = text('party-country');
  const address: PostalAddress = {
    ...(street !== undefined && { street }),
    ...(city !== undefined && { city }),
    ...(region !== undefined && { region }),
    ...(postalCode !== undefined && { postalCode }),
    ...(country !== undefined && { country }),
  };
  return Object.keys(address).length === 0 ? undefined : address;
}

/** The policyholder. Core has no flag for person or company, so a company name decides. */
export function partyRecord(input: LevelInput, policyholder: Policyholder): RecordOf<'party'> {
  const text = (field: PartyField) => textOf(input, policyholder, field);
  const firstName = text('party-first-name');
  const lastName = text('party-last-name');
  const companyName = text('party-company-name');
  const personName = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  return canonicalRecord(input, 'party', {
    locator: policyholder.locator,
    fields: {
      type: companyName === undefined ? 'person' : 'organization',
      name: companyName ?? (personName || policyholder.values['policyholder_id']?.[0] || policyholder.locator),
      firstName,
      lastName,
      companyName,
      email: text('party-email'),
      phone: text('party-phone'),
      address: addressOf(text),
      birthDate: birthDateOf(text('party-birth-date'), input.timeZone),
    },
    relations: [],
    changedMs: [policyholder.createdMs, policyholder.updatedMs],
  });
}
