import type { RecordOf } from '../../../records/canonical-record.js';
import { claimTitle } from '../../record-text.js';
import { decimalOf } from '../salesforce.json.js';
import type { Org } from '../salesforce.org.js';
import { isOverClaim } from '../../claim-status.js';
import { type PlannedRow, rowOf } from './planned-row.js';
import { inWords, stateInWords } from './words.js';

/** Without Financial Services Cloud: objects of ours, and a case for each claim. */

export function plainPolicy(record: RecordOf<'policy'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  return rowOf(
    'Socotra_Policy__c',
    record,
    org,
    {
      Name: fields.number,
      Status__c: stateInWords(op, fields.status),
      Product__c: fields.product,
      Effective_Date__c: fields.effectiveDate,
      Expiration_Date__c: fields.expirationDate,
      Issued_At__c: fields.issuedAt,
      CurrencyIsoCode: fields.currency,
      Currency__c: fields.currency,
      Term_Premium__c: decimalOf(fields.termPremium),
      Taxes__c: decimalOf(fields.taxes),
      Fees__c: decimalOf(fields.fees),
      Payment_Schedule__c: fields.paymentSchedule,
      Cancellation_Date__c: fields.cancellationDate,
      Cancellation_Reason__c: fields.cancellationReason,
      Balance_Due__c: decimalOf(fields.balanceDue),
      Paid_To_Date__c: decimalOf(fields.paidToDate),
      Past_Due_Since__c: fields.pastDueSince,
      Next_Renewal_Date__c: fields.nextRenewalDate,
      Last_Change__c: fields.lastChange,
    },
    { Name: locator },
  );
}

export function plainPolicyChange(record: RecordOf<'policy_change'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const type = fields.type && inWords(fields.type);
  return rowOf(
    'Socotra_Transaction__c',
    record,
    org,
    {
      Name: type && [type, fields.name, locator].filter(Boolean).join(' '),
      Type__c: type,
      Status__c: stateInWords(op, fields.state),
      Effective_Date__c: fields.effectiveDate,
      End_Date__c: fields.endDate,
      Issued_At__c: fields.issuedAt,
      CurrencyIsoCode: fields.currency,
      Currency__c: fields.currency,
      Premium__c: decimalOf(fields.premiumChange),
      Reason__c: fields.reason,
    },
    { Name: locator },
  );
}

export function plainPremiumRow(record: RecordOf<'premium_row'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  return rowOf(
    'Socotra_Transaction__c',
    record,
    org,
    {
      Name: fields.number && `Premium report ${fields.number}`,
      Type__c: 'Premium report',
      Status__c: stateInWords(op, fields.state),
      Effective_Date__c: fields.periodStart,
      End_Date__c: fields.periodEnd,
      Due_Date__c: fields.dueDate,
      Issued_At__c: fields.issuedAt,
      CurrencyIsoCode: fields.currency,
      Currency__c: fields.currency,
      Premium__c: decimalOf(fields.grossPremium),
      Taxes__c: decimalOf(fields.grossTaxes),
      Fees__c: decimalOf(fields.grossFees),
      Commissions__c: decimalOf(fields.grossCommissions),
    },
    { Name: locator },
  );
}

export function plainClaim(record: RecordOf<'claim'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  const { cases } = org.statuses;
  const isOver = isOverClaim(op, fields.status);
  return rowOf('Case', record, org, {
    Subject: fields.number && claimTitle(fields.number, locator),
    Status: isOver === undefined ? undefined : isOver ? cases.closed : cases.open,
    Description: fields.description,
    CurrencyIsoCode: fields.currency,
    Socotra_Status__c: stateInWords(op, fields.status),
    Socotra_Product__c: fields.product,
    Socotra_Loss_Date__c: fields.lossDate,
    Socotra_Reported_Date__c: fields.reportedDate,
    Socotra_Cause__c: fields.cause,
    Socotra_Currency__c: fields.currency,
    Socotra_Reserve__c: decimalOf(fields.reserve),
  });
}

export function plainClaimItem(record: RecordOf<'claim_item'>, org: Org): PlannedRow {
  const { fields, op, locator } = record;
  return rowOf(
    'Socotra_Claim_Item__c',
    record,
    org,
    {
      Name: fields.coverage || undefined,
      Coverage__c: fields.coverage,
      Status__c: stateInWords(op, fields.status),
      CurrencyIsoCode: fields.currency,
      Currency__c: fields.currency,
      Loss_Reserve__c: decimalOf(fields.lossReserve),
      Expense_Reserve__c: decimalOf(fields.expenseReserve),
      Description__c: fields.description,
    },
    { Name: locator },
  );
}
