import type { RecordKey } from './record-key.js';
import type { RecordKind } from './record-kinds.js';

/** A decimal amount as text, for example `-792.39`; never a float. */
export type DecimalString = string;
/** A calendar day in the tenant's time zone, `YYYY-MM-DD`. */
export type LocalDate = string;
/** An instant in UTC, ISO 8601 with milliseconds. */
export type IsoInstant = string;

export interface PostalAddress {
  street?: string;
  city?: string;
  region?: string;
  postalCode?: string;
  country?: string;
}

export interface PartyFields {
  type: 'person' | 'organization';
  name: string;
  firstName?: string | null;
  lastName?: string | null;
  companyName?: string | null;
  email?: string | null;
  phone?: string | null;
  address?: PostalAddress | null;
  birthDate?: LocalDate | null;
}

export type QuoteState = 'draft' | 'quoted' | 'accepted' | 'declined' | 'discarded' | 'unknown';

export interface QuoteFields {
  name: string;
  product?: string;
  state: QuoteState;
  startDate?: LocalDate | null;
  endDate?: LocalDate | null;
  grossPremium?: DecimalString | null;
  currency?: string;
  selected?: boolean;
}

export type PolicyStatus =
  'quote' | 'issued' | 'in_force' | 'in_grace_period' | 'cancelled' | 'reinstated' | 'lapsed' | 'expired';

export interface PolicyFields {
  number: string;
  product?: string;
  status: PolicyStatus;
  effectiveDate?: LocalDate | null;
  expirationDate?: LocalDate | null;
  issuedAt?: IsoInstant | null;
  currency?: string;
  termPremium?: DecimalString | null;
  taxes?: DecimalString | null;
  fees?: DecimalString | null;
  paymentSchedule?: string | null;
  cancellationDate?: LocalDate | null;
  cancellationReason?: string | null;
  balanceDue?: DecimalString | null;
  paidToDate?: DecimalString | null;
  pastDueSince?: LocalDate | null;
  nextRenewalDate?: LocalDate | null;
  lastChange?: string | null;
}

export type PolicyChangeType = 'endorsement' | 'renewal' | 'cancellation' | 'reinstatement';

export interface PolicyChangeFields {
  type: PolicyChangeType;
  name?: string;
  state: string;
  effectiveDate?: LocalDate | null;
  endDate?: LocalDate | null;
  issuedAt?: IsoInstant | null;
  premiumChange?: DecimalString | null;
  currency?: string;
  reason?: string | null;
}

export type InvoiceStatus = 'open' | 'past_due' | 'paid' | 'void' | 'written_off' | 'settled';

export interface InvoiceLine {
  /** Own key, because some targets duplicate unkeyed lines on every write. */
  key: string;
  description: string;
  amount: DecimalString;
}

export interface InvoiceFields {
  number: string;
  type?: string;
  status: InvoiceStatus;
  issuedAt?: IsoInstant | null;
  dueDate?: LocalDate | null;
  periodStart?: LocalDate | null;
  periodEnd?: LocalDate | null;
  currency?: string;
  total: DecimalString;
  balance: DecimalString;
  lines: InvoiceLine[];
}

export interface PaymentFields {
  number: string;
  amount: DecimalString;
  currency?: string;
  postedAt?: IsoInstant | null;
  direction: 'in' | 'refund';
  reversed: boolean;
  reversedAt?: IsoInstant | null;
  reference?: string | null;
}

export interface ClaimFields {
  number: string;
  product?: string;
  status: string;
  lossDate?: LocalDate | null;
  reportedDate?: LocalDate | null;
  cause?: string | null;
  description?: string | null;
  reserve?: DecimalString | null;
  currency?: string;
}

export interface ClaimItemFields {
  coverage?: string | null;
  status: string;
  lossReserve?: DecimalString | null;
  expenseReserve?: DecimalString | null;
  currency?: string;
  description?: string | null;
}

export interface PremiumRowFields {
  number: string;
  state: string;
  periodStart?: LocalDate | null;
  periodEnd?: LocalDate | null;
  dueDate?: LocalDate | null;
  issuedAt?: IsoInstant | null;
  grossPremium?: DecimalString | null;
  grossTaxes?: DecimalString | null;
  grossFees?: DecimalString | null;
  grossCommissions?: DecimalString | null;
  currency?: string;
}

export interface ActivityFields {
  /** One sentence that an account manager understands. */
  subject: string;
  occurredAt: IsoInstant;
  /** The event that left this line, for example `policy.issue`; of two that tell one change always the same. */
  type: string;
}

/** The business fields of each kind. A missing field is left alone in the target, `null` clears it. */
export interface FieldsByKind {
  party: PartyFields;
  quote: QuoteFields;
  policy: PolicyFields;
  policy_change: PolicyChangeFields;
  invoice: InvoiceFields;
  payment: PaymentFields;
  claim: ClaimFields;
  claim_item: ClaimItemFields;
  premium_row: PremiumRowFields;
  activity: ActivityFields;
}

/** Values the tenant mapped to a target field of its own, by that field's name. */
export interface CustomFields {
  readonly custom?: Readonly<Record<string, string | null>>;
}

export interface Relation {
  /** What the related record is to this one, for example `policyholder`. */
  readonly name: string;
  readonly kind: RecordKind;
  readonly key: RecordKey;
  /** The target must hold the related record first. */
  readonly required: boolean;
}

/**
 * One record as the target should hold it, free of any target's words.
 * `void` marks a record that ended before it counted (a discarded quote, an invalidated invoice); nothing is ever deleted.
 */
export interface RecordOf<K extends RecordKind> {
  readonly kind: K;
  readonly key: RecordKey;
  /** The Socotra locator, unchanged, for people who search by it. */
  readonly locator: string;
  readonly op: 'upsert' | 'void';
  readonly fields: Partial<FieldsByKind[K]> & CustomFields;
  readonly relations: readonly Relation[];
  /** Newest change in Core among all that this record was computed from: milliseconds since the epoch. */
  readonly sourceUpdatedAtMs: number;
  /**
   * Left out unless the target already holds the record of this key: Core does not have it, so nothing else can say that
   * it ever was. The record itself, to be ended, and the line that tells its end name it.
   */
  readonly onlyIfHeld?: RecordKey;
}

export type CanonicalRecord = { [K in RecordKind]: RecordOf<K> }[RecordKind];
