import type { DecimalString } from '../records/canonical-record.js';

/**
 * What Core answers, as the parsers of this folder leave it: instants are milliseconds since the epoch, money is a
 * decimal string, a bare object has become an array of one, and both known shapes of field groups have become one.
 * Members that nobody uses are dropped, so a 500 kB policy does not stay in memory.
 */

/** Field name to its values; Core gives every value as an array of strings, whatever the configured type. */
export type FieldValues = Readonly<Record<string, readonly string[]>>;
/** Field group locator to the values of that group's member. */
export type FieldGroups = Readonly<Record<string, FieldValues>>;

export interface Versioned {
  readonly locator: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly issuedMs?: number;
  /** Set once a later version took this one's place. */
  readonly replacedMs?: number;
  readonly fieldValues: FieldValues;
  readonly fieldGroups: FieldGroups;
}

export interface PolicyCharacteristics extends Versioned {
  readonly grossPremium?: DecimalString;
  readonly grossTaxes?: DecimalString;
}

export interface PerilCharacteristics extends Versioned {
  readonly premium?: DecimalString;
}

export interface Peril {
  readonly locator: string;
  readonly name: string;
  readonly displayId?: string;
  readonly characteristics: readonly PerilCharacteristics[];
}

export interface Exposure {
  readonly locator: string;
  readonly name: string;
  readonly displayId?: string;
  readonly characteristics: readonly Versioned[];
  readonly perils: readonly Peril[];
}

export interface Modification {
  readonly locator: string;
  /** `modification.policy.create`, `.cancel`, `.reinstate`, `.renew`, `.lapse`, `.withdraw`, or an endorsement's own name. */
  readonly name: string;
  readonly number?: number;
  readonly displayId?: string;
  readonly effectiveMs?: number;
  readonly issuedMs?: number;
  readonly createdMs?: number;
  readonly premiumChange?: DecimalString;
  readonly currency?: string;
  readonly endorsementLocator?: string;
  readonly renewalLocator?: string;
  readonly cancellationName?: string;
}

export interface Payment {
  readonly locator: string;
  readonly displayId?: string;
  readonly invoiceLocator?: string;
  readonly amount: DecimalString;
  readonly currency?: string;
  readonly postedMs?: number;
  readonly reversedMs?: number;
  readonly fieldValues: FieldValues;
}

export interface Invoice {
  readonly locator: string;
  readonly displayId?: string;
  readonly policyLocator?: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  /** The last millisecond of the due day in the tenant's time zone. */
  readonly dueMs?: number;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly totalDue: DecimalString;
  readonly currency?: string;
  /** `newBusiness`, `endorsement`, `renewal`, `cancellation`, `reinstatement`, `installment`, `premiumReporting`, `other`. */
  readonly type?: string;
  /** `outstanding` or `settled`. */
  readonly settlementStatus?: string;
  /** `paid`, `writtenOff`, `zeroDue`, `invalidated`, `carriedForward`. */
  readonly settlementType?: string;
  /** `false` while the transaction that planned the invoice is not issued: then nobody owes it yet. */
  readonly transactionIssued?: boolean;
  readonly payments: readonly Payment[];
  readonly policyModificationLocator?: string;
}

export interface Fee {
  readonly locator?: string;
  readonly name?: string;
  readonly amount: DecimalString;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly reversed: boolean;
}

export interface Policy {
  readonly locator: string;
  readonly displayId: string;
  readonly policyholderLocator?: string;
  readonly productName?: string;
  readonly currency?: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  /** Absent while the policy is still a quote. */
  readonly issuedMs?: number;
  readonly originalContractStartMs?: number;
  readonly originalContractEndMs?: number;
  /** The end after renewals and cancellations. */
  readonly effectiveContractEndMs?: number;
  readonly paymentScheduleName?: string;
  /** Stays after a reinstatement, so it is a fact about the past and not a status. */
  readonly cancellation?: { readonly effectiveMs?: number; readonly modificationLocator?: string };
  readonly characteristics: readonly PolicyCharacteristics[];
  readonly exposures: readonly Exposure[];
  readonly modifications: readonly Modification[];
  readonly invoices: readonly Invoice[];
  readonly fees: readonly Fee[];
  readonly grossFees?: DecimalString;
}

export interface Quote {
  readonly locator: string;
  readonly name: string;
  readonly policyLocator?: string;
  readonly policyholderLocator?: string;
  readonly productName?: string;
  /** `draft`, `quoted`, `accepted`, `declined`, `discarded`. */
  readonly state: string;
  readonly selected?: boolean;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly contractStartMs?: number;
  readonly contractEndMs?: number;
  readonly currency?: string;
  readonly characteristics: readonly PolicyCharacteristics[];
  readonly exposures: readonly Exposure[];
}

export interface Policyholder {
  readonly locator: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly values: FieldValues;
  /** Sub-entity locator to its values. */
  readonly subEntities: FieldGroups;
}

export interface Endorsement {
  readonly locator: string;
  readonly policyLocator?: string;
  readonly policyholderLocator?: string;
  readonly name?: string;
  /** `application`, `quoted`, `accepted`, `issued`, `invalidated`, `discarded`. */
  readonly state: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly issuedMs?: number;
  readonly startMs?: number;
  readonly newPolicyEndMs?: number;
}

export interface Renewal {
  readonly locator: string;
  readonly policyLocator?: string;
  readonly policyholderLocator?: string;
  readonly state: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly issuedMs?: number;
  readonly renewalStartMs?: number;
  readonly renewalEndMs?: number;
}

export interface Cancellation {
  readonly locator: string;
  readonly policyLocator?: string;
  readonly name?: string;
  /** `draft`, `issued`, `rescinded`. */
  readonly state: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly issuedMs?: number;
  /** May lie in the future or in the past of the issue. */
  readonly effectiveMs?: number;
  readonly comments?: string;
}

export interface Reinstatement {
  readonly locator: string;
  /** There is no policy locator: reinstatement, cancellation, policy. */
  readonly cancellationLocator?: string;
  /** `draft`, `accepted`, `issued`, `expired`. */
  readonly state: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly issuedMs?: number;
  readonly effectiveMs?: number;
  readonly deadlineMs?: number;
  readonly paymentAmount?: DecimalString;
  readonly invoiceLocator?: string;
}

export interface GracePeriod {
  readonly locator: string;
  readonly policyLocator?: string;
  readonly policyholderLocator?: string;
  readonly invoiceLocator?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly cancellationLocator?: string;
  /** Set once the invoice was paid. */
  readonly settledMs?: number;
}

export interface SubClaim {
  readonly locator: string;
  readonly exposureLocator?: string;
  readonly perilLocator?: string;
  readonly status?: string;
  /** Reserves are negative in Core: a cost to the insurer. */
  readonly lossReserve?: DecimalString;
  readonly expenseReserve?: DecimalString;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly fieldValues: FieldValues;
}

export interface Claim {
  readonly locator: string;
  readonly displayId?: string;
  readonly policyLocator?: string;
  readonly productName?: string;
  /** `pending`, `open`, `closed`. */
  readonly status: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly incidentMs?: number;
  readonly notificationMs?: number;
  readonly fieldValues: FieldValues;
  readonly fieldGroups: FieldGroups;
  readonly subClaims: readonly SubClaim[];
}

export interface Payable {
  readonly locator: string;
  readonly subClaimLocator?: string;
  readonly amount?: DecimalString;
  readonly currency?: string;
  readonly createdMs?: number;
}

export interface PremiumReport {
  readonly locator: string;
  readonly displayId?: string;
  readonly policyLocator?: string;
  /** `draft`, `discarded`, `issued`, `revised`, `reversed`. */
  readonly state: string;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly invoiceDueMs?: number;
  readonly issuedMs?: number;
  readonly grossPremium?: DecimalString;
  readonly grossTaxes?: DecimalString;
  readonly grossFees?: DecimalString;
  readonly grossCommissions?: DecimalString;
}

/** Every entity that can be read from Core by its locator, under the name that translators ask for. */
export interface EntityByName {
  policy: Policy;
  policyholder: Policyholder;
  quote: Quote;
  endorsement: Endorsement;
  renewal: Renewal;
  cancellation: Cancellation;
  reinstatement: Reinstatement;
  gracePeriod: GracePeriod;
  payment: Payment;
  claim: Claim;
  payable: Payable;
  premiumReport: PremiumReport;
}

export type EntityName = keyof EntityByName;
