import type { JsonObject } from '../kit/json.js';

/** The app's own properties: what HubSpot has no property for, and the key by which every record is found again. */

export type OwnType = 'text' | 'long_text' | 'number' | 'date' | 'instant' | 'flag';
/** Label and type by name. */
export type OwnProperties = Readonly<Record<string, readonly [label: string, type: OwnType]>>;

/** The property with unique values under which every record is upserted. */
export const KEY = 'socotra_key';
export const GROUP = { name: 'socotra', label: 'Socotra' } as const;

const COMMON = {
  [KEY]: ['Socotra key', 'text'],
  socotra_locator: ['Socotra locator', 'text'],
} as const satisfies OwnProperties;

const NUMBERED = {
  ...COMMON,
  socotra_number: ['Number', 'text'],
  socotra_product: ['Product', 'text'],
  socotra_status: ['Status in Socotra', 'text'],
} as const satisfies OwnProperties;

const CURRENCY = ['Currency', 'text'] as const;

const COVER = {
  ...NUMBERED,
  socotra_effective_date: ['Cover begins', 'date'],
  socotra_expiration_date: ['Cover ends', 'date'],
  socotra_currency: CURRENCY,
} as const satisfies OwnProperties;

export const PARTY_PROPERTIES = {
  ...COMMON,
  socotra_birth_date: ['Date of birth', 'date'],
  socotra_email: ['E-mail in Socotra', 'text'],
} as const satisfies OwnProperties;

export const QUOTE_PROPERTIES = {
  ...COVER,
  socotra_gross_premium: ['Gross premium of the quote', 'number'],
  socotra_selected: ['Selected quote', 'flag'],
} as const satisfies OwnProperties;

export const POLICY_PROPERTIES = {
  ...COVER,
  socotra_issued_at: ['Issued at', 'instant'],
  socotra_term_premium: ['Premium of the term', 'number'],
  socotra_taxes: ['Taxes', 'number'],
  socotra_fees: ['Fees', 'number'],
  socotra_payment_schedule: ['Payment schedule', 'text'],
  socotra_cancellation_date: ['Cancelled as of', 'date'],
  socotra_cancellation_reason: ['Reason of the cancellation', 'text'],
  socotra_balance_due: ['Balance due', 'number'],
  socotra_paid_to_date: ['Paid to date', 'number'],
  socotra_past_due_since: ['Past due since', 'date'],
  socotra_next_renewal_date: ['Next renewal', 'date'],
  socotra_last_change: ['Last change', 'long_text'],
} as const satisfies OwnProperties;

export const CLAIM_PROPERTIES = {
  ...NUMBERED,
  socotra_loss_date: ['Date of loss', 'date'],
  socotra_reported_date: ['Reported on', 'date'],
  socotra_cause: ['Cause of loss', 'text'],
  socotra_reserve: ['Reserve', 'number'],
  socotra_currency: CURRENCY,
} as const satisfies OwnProperties;

/** Notes carry nothing but the key, where the account lets them. */
export const NOTE_PROPERTIES = { [KEY]: COMMON[KEY] } as const satisfies OwnProperties;

const TYPES: Readonly<Record<OwnType, { readonly type: string; readonly fieldType: string }>> = {
  text: { type: 'string', fieldType: 'text' },
  long_text: { type: 'string', fieldType: 'textarea' },
  number: { type: 'number', fieldType: 'number' },
  date: { type: 'date', fieldType: 'date' },
  instant: { type: 'datetime', fieldType: 'date' },
  flag: { type: 'bool', fieldType: 'booleancheckbox' },
};
const YES_NO = [
  { label: 'Yes', value: 'true', displayOrder: 0, hidden: false },
  { label: 'No', value: 'false', displayOrder: 1, hidden: false },
];

/** The property as HubSpot wants it created. */
export function propertyInput(name: string, [label, type]: OwnProperties[string]): JsonObject {
  return {
    name,
    label,
    groupName: GROUP.name,
    ...TYPES[type],
    ...(name === KEY && { hasUniqueValue: true }),
    ...(type === 'flag' && { options: YES_NO }),
  };
}
