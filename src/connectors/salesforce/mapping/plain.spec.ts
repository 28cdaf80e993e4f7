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

const PLAIN = orgOf('plain');

const opportunity = {
  ...locator,
  Name: 'Quote 1',
  StageName: 'Prospecting',
  CloseDate: '2024-06-01',
  Amount: 1100,
  CurrencyIsoCode: 'USD',
  Socotra_Status__c: 'Quoted',
  Socotra_Product__c: 'personal-auto',
  Socotra_Currency__c: 'USD',
  Socotra_Start_Date__c: '2024-06-01',
  Socotra_End_Date__c: '2025-06-01',
  Socotra_Selected__c: true,
  Account: 'p-pty-77',
};
const task = {
  Subject: 'Policy 100004200 was issued',
  Description: 'Policy 100004200 was issued',
  Status: 'Completed',
  ActivityDate: '2024-05-21',
  Socotra_Event__c: 'policy.issue',
  Socotra_Occurred_At__c: AT,
};

describe('a full record in a plain org', () => {
  it.each<[CanonicalRecord, readonly Row[]]>([
    [
      FULL_RECORDS.party,
      [
        [
          'Account',
          {
            ...locator,
            Name: 'Jordan Avery',
            Socotra_Email__c: 'jordan@example.com',
            Phone: '+1 555 0100',
            ...address('Billing'),
            ...own,
          },
        ],
        [
          'Contact',
          {
            ...locator,
            FirstName: 'Jordan',
            LastName: 'Avery',
            Email: 'jordan@example.com',
            Phone: '+1 555 0100',
            Birthdate: '1980-02-29',
            ...address('Mailing'),
            Account: 'p-pty-77',
          },
        ],
      ],
    ],
    [FULL_RECORDS.quote, [['Opportunity', opportunity]]],
    [
      FULL_RECORDS.policy,
      [
        [
          'Socotra_Policy__c',
          {
            ...locator,
            Name: '100004200',
            Status__c: 'In force',
            Product__c: 'personal-auto',
            Effective_Date__c: '2024-06-01',
            Expiration_Date__c: '2025-06-01',
            Issued_At__c: AT,
            CurrencyIsoCode: 'USD',
            Currency__c: 'USD',
            Term_Premium__c: 1100,
            Taxes__c: 90.75,
            Fees__c: 10,
            Payment_Schedule__c: 'upfront',
            Cancellation_Date__c: null,
            Cancellation_Reason__c: null,
            Balance_Due__c: 0,
            Paid_To_Date__c: 1200.75,
            Past_Due_Since__c: null,
            Next_Renewal_Date__c: '2025-06-01',
            Last_Change__c: 'Policy issued',
            Account__r: 'p-pty-77',
          },
        ],
      ],
    ],
    [
      related('policy_change', POLICY),
      [
        [
          'Socotra_Transaction__c',
          {
            ...locator,
            Name: 'Endorsement generic 100004200',
            Type__c: 'Endorsement',
            Status__c: 'Issued',
            Effective_Date__c: '2024-09-01',
            End_Date__c: null,
            Issued_At__c: AT,
            CurrencyIsoCode: 'USD',
            Currency__c: 'USD',
            Premium__c: -89.75,
            Reason__c: 'More miles',
            Policy__r: 'p-pol-1',
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
          'Case',
          {
            ...locator,
            Subject: 'Claim clm-1',
            Status: 'New',
            Description: 'Rear end',
            Socotra_Status__c: 'Open',
            Socotra_Product__c: 'personal-auto',
            Socotra_Loss_Date__c: '2024-10-01',
            Socotra_Reported_Date__c: '2024-10-02',
            Socotra_Cause__c: 'collision',
            CurrencyIsoCode: 'USD',
            Socotra_Currency__c: 'USD',
            Socotra_Reserve__c: 2500,
            Socotra_Policy__r: 'p-pol-1',
            Account: 'p-pty-77',
          },
        ],
      ],
    ],
    [
      related('claim_item', CLAIM),
      [
        [
          'Socotra_Claim_Item__c',
          {
            ...locator,
            Name: 'collision',
            Coverage__c: 'collision',
            Status__c: 'Open',
            CurrencyIsoCode: 'USD',
            Currency__c: 'USD',
            Loss_Reserve__c: 2000,
            Expense_Reserve__c: 500,
            Description__c: null,
            Case__r: 'p-clm-1',
          },
        ],
      ],
    ],
    [
      related('premium_row', POLICY),
      [
        [
          'Socotra_Transaction__c',
          {
            ...locator,
            Name: 'Premium report 100005140',
            Type__c: 'Premium report',
            Status__c: 'Issued',
            Effective_Date__c: '2024-01-01',
            End_Date__c: '2024-04-01',
            Due_Date__c: '2024-05-01',
            Issued_At__c: AT,
            CurrencyIsoCode: 'USD',
            Currency__c: 'USD',
            Premium__c: 10,
            Taxes__c: 1,
            Fees__c: 0,
            Commissions__c: -2,
            Policy__r: 'p-pol-1',
          },
        ],
      ],
    ],
    [FULL_RECORDS.activity, [['Task', task]]],
  ])('$kind', (record, expected) => {
    expect(rows(record, PLAIN)).toEqual(expected);
  });
});
