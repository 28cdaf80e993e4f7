import type { PolicyChangeType, PolicyStatus, RecordOf } from '../../../records/canonical-record.js';
import { decimalOf } from '../salesforce.json.js';
import type { Org } from '../salesforce.org.js';
import { isOverClaim } from '../../claim-status.js';
import { type PlannedRow, rowOf } from './planned-row.js';
import { inWords, noonOf, pick, stateInWords } from './words.js';

/** With Financial Services Cloud. Its picklists differ from org to org: what they have no word for stands in fields of ours. */

const SOURCE = 'Socotra';

export function fscPolicy(record: RecordOf<'policy'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const state = op === 'void' ? 'void' : fields.status;
  const schedule = fields.paymentSchedule;
  return rowOf(
    'InsurancePolicy',
    record,
    org,
    {
      Name: fields.number,
      PolicyName: fields.product && fields.number && `${inWords(fields.product)} ${fields.number}`,
      Status: state && pick(org, 'InsurancePolicy', 'Status', POLICY_STATUS[state]),
      PremiumFrequency: schedule ? pick(org, 'InsurancePolicy', 'PremiumFrequency', [schedule]) : undefined,
      EffectiveDate: noonOf(fields.effectiveDate),
      ExpirationDate: noonOf(fields.expirationDate),
      CancellationDate: noonOf(fields.cancellationDate),
      CancellationReason: fields.cancellationReason,
      RenewalDate: noonOf(fields.nextRenewalDate),
      PremiumAmount: decimalOf(fields.termPremium),
      TaxesSurcharges: decimalOf(fields.taxes),
      CurrentDueAmount: decimalOf(fields.balanceDue),
      SourceSystem: SOURCE,
      SourceSystemIdentifier: locator,
      CurrencyIsoCode: fields.currency,
      Socotra_Status__c: stateInWords(op, fields.status),
      Socotra_Product__c: fields.product,
      Socotra_Currency__c: fields.currency,
      Socotra_Issued_At__c: fields.issuedAt,
      Socotra_Fees__c: decimalOf(fields.fees),
      Socotra_Payment_Schedule__c: schedule,
      Socotra_Paid_To_Date__c: decimalOf(fields.paidToDate),
      Socotra_Past_Due_Since__c: fields.pastDueSince,
      Socotra_Last_Change__c: fields.lastChange,
    },
    { Name: locator },
  );
}

const POLICY_STATUS: Readonly<Record<PolicyStatus | 'void', readonly string[]>> = {
  quote: ['Quote', 'Quoted', 'Draft', 'Initial'],
  issued: ['Issued', 'Bound', 'Pending'],
  in_force: ['In Force', 'Active'],
  in_grace_period: ['In Grace Period', 'Grace Period', 'In Force', 'Active'],
  cancelled: ['Cancelled', 'Canceled'],
  reinstated: ['Reinstated', 'In Force', 'Active'],
  lapsed: ['Lapsed'],
  expired: ['Expired'],
  void: ['Void', 'Voided', 'Cancelled', 'Canceled'],
};

export function fscPolicyChange(record: RecordOf<'policy_change'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const state = stateInWords(op, fields.state);
  return rowOf(
    'InsurancePolicyTransaction',
    record,
    org,
    {
      TransactionNumber: locator,
      Type: fields.type && pick(org, 'InsurancePolicyTransaction', 'Type', TRANSACTION_TYPE[fields.type]),
      Status: state && pick(org, 'InsurancePolicyTransaction', 'Status', [state]),
      TransactionEffectiveDate: noonOf(fields.effectiveDate),
      TransactionPostedDate: fields.issuedAt,
      TransactionAmount: decimalOf(fields.premiumChange),
      CurrencyIsoCode: fields.currency,
      Socotra_Type__c: fields.type && inWords(fields.type),
      Socotra_Status__c: state,
      Socotra_Currency__c: fields.currency,
      Socotra_End_Date__c: fields.endDate,
      Socotra_Name__c: fields.name,
      Socotra_Reason__c: fields.reason,
    },
    { Name: locator },
  );
}

const TRANSACTION_TYPE: Readonly<Record<PolicyChangeType, readonly string[]>> = {
  endorsement: ['Endorsement', 'Amendment', 'Policy Change'],
  renewal: ['Renewal', 'Renew'],
  cancellation: ['Cancellation', 'Cancel'],
  reinstatement: ['Reinstatement', 'Reinstate'],
};

export function fscPremiumRow(record: RecordOf<'premium_row'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const state = stateInWords(op, fields.state);
  return rowOf(
    'InsurancePolicyTransaction',
    record,
    org,
    {
      TransactionNumber: fields.number,
      Type: pick(org, 'InsurancePolicyTransaction', 'Type', ['Premium Report', 'Premium Audit', 'Audit']),
      Status: state && pick(org, 'InsurancePolicyTransaction', 'Status', [state]),
      TransactionEffectiveDate: noonOf(fields.periodStart),
      TransactionPostedDate: fields.issuedAt,
      TransactionAmount: decimalOf(fields.grossPremium),
      TransactionTaxAmount: decimalOf(fields.grossTaxes),
      TransactionFeeAmount: decimalOf(fields.grossFees),
      CommissionAmount: decimalOf(fields.grossCommissions),
      CurrencyIsoCode: fields.currency,
      Socotra_Type__c: 'Premium report',
      Socotra_Status__c: state,
      Socotra_Currency__c: fields.currency,
      Socotra_End_Date__c: fields.periodEnd,
      Socotra_Due_Date__c: fields.dueDate,
    },
    { Name: locator },
  );
}

export function fscClaim(record: RecordOf<'claim'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const isOver = isOverClaim(op, fields.status);
  const words = [...(fields.status ? [fields.status] : []), ...(isOver ? ['Closed'] : ['Open', 'New'])];
  return rowOf(
    'Claim',
    record,
    org,
    {
      Name: fields.number,
      Status: isOver === undefined ? undefined : pick(org, 'Claim', 'Status', op === 'void' ? ['Closed'] : words),
      LossDate: noonOf(fields.lossDate),
      InitiationDate: noonOf(fields.reportedDate),
      EstimatedAmount: decimalOf(fields.reserve),
      Summary: fields.description,
      SourceSystem: SOURCE,
      SourceSystemIdentifier: locator,
      CurrencyIsoCode: fields.currency,
      Socotra_Status__c: stateInWords(op, fields.status),
      Socotra_Product__c: fields.product,
      Socotra_Currency__c: fields.currency,
      Socotra_Cause__c: fields.cause,
    },
    { Name: locator },
  );
}

export function fscClaimItem(record: RecordOf<'claim_item'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  return rowOf(
    'ClaimItem',
    record,
    org,
    {
      Name: fields.coverage || undefined,
      Description: fields.description,
      CurrencyIsoCode: fields.currency,
      Socotra_Coverage__c: fields.coverage,
      Socotra_Status__c: stateInWords(op, fields.status),
      Socotra_Currency__c: fields.currency,
      Socotra_Loss_Reserve__c: decimalOf(fields.lossReserve),
      Socotra_Expense_Reserve__c: decimalOf(fields.expenseReserve),
    },
    { Name: locator },
  );
}
