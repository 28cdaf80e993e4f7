import { FULL_RECORDS } from '../../../../test/support/deliveries.ts';
import { orgOf } from '../../../../test/support/salesforce-org.ts';
import {
  address,
  AT,
  CLAIM,
  locator,
  own,
  PARTY,
  POLICY,
  related,
  rows,
  type Row,
} from '../../../../test/support/salesforce-rows.ts';
import type { CanonicalRecord } from '../../../records/canonical-record.js';

const FSC = orgOf('fsc', { personAccounts: true, personRecordTypeId: '012' });

describe('a full record with Financial Services Cloud and person accounts', () => {
  it.each<[CanonicalRecord, readonly Row[]]>([
    [
      FULL_RECORDS.party,
      [
        [
          'Account',
          {
            ...locator,
            RecordTypeId: '012',
            FirstName: 'Jordan',
            LastName: 'Avery',
            PersonEmail: 'jordan@example.com',
            Phone: '+1 555 0100',
            PersonBirthdate: '1980-02-29',
            ...address('PersonMailing'),
            ...own,
          },
        ],
      ],
    ],
    [
      FULL_RECORDS.policy,
      [
        [
          'InsurancePolicy',
          {
            ...locator,
            Name: '100004200',
            PolicyName: 'Personal auto 100004200',
            Status: 'In Force',
            PremiumFrequency: 'Upfront',
            EffectiveDate: '2024-06-01T12:00:00.000Z',
            ExpirationDate: '2025-06-01T12:00:00.000Z',
            CancellationDate: null,
            CancellationReason: null,
            RenewalDate: '2025-06-01T12:00:00.000Z',
            PremiumAmount: 1100,
            TaxesSurcharges: 90.75,
            CurrentDueAmount: 0,
            SourceSystem: 'Socotra',
            SourceSystemIdentifier: '100004200',
            CurrencyIsoCode: 'USD',
            Socotra_Status__c: 'In force',
            Socotra_Product__c: 'personal-auto',
            Socotra_Currency__c: 'USD',
            Socotra_Issued_At__c: AT,
            Socotra_Fees__c: 10,
            Socotra_Payment_Schedule__c: 'upfront',
            Socotra_Paid_To_Date__c: 1200.75,
            Socotra_Past_Due_Since__c: null,
            Socotra_Last_Change__c: 'Policy issued',
            NameInsured: 'p-pty-77',
          },
        ],
      ],
    ],
    [
      related('policy_change', POLICY),
      [
        [
          'InsurancePolicyTransaction',
          {
            ...locator,
            TransactionNumber: '100004200',
            Type: 'Endorsement',
            Status: 'Issued',
            TransactionEffectiveDate: '2024-09-01T12:00:00.000Z',
            TransactionPostedDate: AT,
            TransactionAmount: -89.75,
            CurrencyIsoCode: 'USD',
            Socotra_Type__c: 'Endorsement',
            Socotra_Status__c: 'Issued',
            Socotra_Currency__c: 'USD',
            Socotra_End_Date__c: null,
            Socotra_Name__c: 'generic',
            Socotra_Reason__c: 'More miles',
            InsurancePolicy: 'p-pol-1',
          },
        ],
      ],
    ],
    [FULL_RECORDS.invoice, []],
    [FULL_RECORDS.payment, []],
    [
      related('claim', POLICY, PARTY),
      [
        [
          'Claim',
          {
            ...locator,
            Name: 'clm-1',
            Status: 'Open',
            LossDate: '2024-10-01T12:00:00.000Z',
            InitiationDate: '2024-10-02T12:00:00.000Z',
            EstimatedAmount: 2500,
            Summary: 'Rear end',
            SourceSystem: 'Socotra',
            SourceSystemIdentifier: '100004200',
            CurrencyIsoCode: 'USD',
            Socotra_Status__c: 'Open',
            Socotra_Product__c: 'personal-auto',
            Socotra_Currency__c: 'USD',
            Socotra_Cause__c: 'collision',
            PolicyNumber: 'p-pol-1',
            Account: 'p-pty-77',
          },
        ],
      ],
    ],
    [
      related('claim_item', CLAIM),
      [
        [
          'ClaimItem',
          {
            ...locator,
            Name: 'collision',
            Description: null,
            Socotra_Coverage__c: 'collision',
            Socotra_Status__c: 'Open',
            CurrencyIsoCode: 'USD',
            Socotra_Currency__c: 'USD',
            Socotra_Loss_Reserve__c: 2000,
            Socotra_Expense_Reserve__c: 500,
            Claim: 'p-clm-1',
          },
        ],
      ],
    ],
    [
      related('premium_row', POLICY),
      [
        [
          'InsurancePolicyTransaction',
          {
            ...locator,
            TransactionNumber: '100005140',
            Status: 'Issued',
            TransactionEffectiveDate: '2024-01-01T12:00:00.000Z',
            TransactionPostedDate: AT,
            TransactionAmount: 10,
            TransactionTaxAmount: 1,
            TransactionFeeAmount: 0,
            CommissionAmount: -2,
            CurrencyIsoCode: 'USD',
            Socotra_Type__c: 'Premium report',
            Socotra_Status__c: 'Issued',
            Socotra_Currency__c: 'USD',
            Socotra_End_Date__c: '2024-04-01',
            Socotra_Due_Date__c: '2024-05-01',
            InsurancePolicy: 'p-pol-1',
          },
        ],
      ],
    ],
  ])('$kind', (record, expected) => {
    expect(rows(record, FSC)).toEqual(expected);
  });
});

it.each(['quote', 'activity'] as const)('%s is the same as without it', (kind) => {
  const plain = { ...orgOf('plain'), statuses: FSC.statuses };
  expect(rows(FULL_RECORDS[kind], FSC)).toEqual(rows(FULL_RECORDS[kind], plain));
});
