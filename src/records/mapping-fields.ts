/** The names of `socotra.fields` in the manifest that describe the policyholder. */
export const PARTY_FIELDS = [
  'party-first-name',
  'party-last-name',
  'party-company-name',
  'party-email',
  'party-phone',
  'party-street',
  'party-city',
  'party-region',
  'party-postal-code',
  'party-country',
  'party-birth-date',
] as const;
export type PartyField = (typeof PARTY_FIELDS)[number];

export const CUSTOM_FIELDS = [
  'custom-1',
  'custom-2',
  'custom-3',
  'custom-4',
  'custom-5',
  'custom-6',
  'custom-7',
  'custom-8',
  'custom-9',
  'custom-10',
] as const;
export type CustomField = (typeof CUSTOM_FIELDS)[number];

export type MappingField = PartyField | CustomField;
