import type { Delivery } from '../../src/connectors/connector.js';
import type { CanonicalRecord, CustomFields, FieldsByKind } from '../../src/records/canonical-record.js';
import type { RecordKind } from '../../src/records/record-kinds.js';

const AT = '2024-05-21T15:30:00.450Z';

type FullRecord<K extends RecordKind> = Extract<CanonicalRecord, { kind: K }> & {
  readonly fields: Required<FieldsByKind[K]> & CustomFields;
};

/** One full record of each kind: every field has a value, so that a schema that misses one is found out. */
export const FULL_RECORDS: { readonly [K in RecordKind]: FullRecord<K> } = {
  party: {
    ...frame('party', 'p-pty-77'),
    fields: {
      type: 'person',
      name: 'Jordan Avery',
      firstName: 'Jordan',
      lastName: 'Avery',
      companyName: null,
      email: 'jordan@example.com',
      phone: '+1 555 0100',
      address: { street: '1 Main St', city: 'Pasadena', region: 'CA', postalCode: '91101', country: 'US' },
      birthDate: '1980-02-29',
      custom: { loyaltyNumber: 'L-1', nickname: null },
    },
  },
  quote: {
    ...frame('quote', 'p-quo-100004210'),
    fields: {
      name: '1',
      product: 'personal-auto',
      state: 'quoted',
      startDate: '2024-06-01',
      endDate: '2025-06-01',
      grossPremium: '1100.00',
      currency: 'USD',
      selected: true,
    },
  },
  policy: {
    ...frame('policy', 'p-pol-100004200'),
    fields: {
      number: '100004200',
      product: 'personal-auto',
      status: 'in_force',
      effectiveDate: '2024-06-01',
      expirationDate: '2025-06-01',
      issuedAt: AT,
      currency: 'USD',
      termPremium: '1100.00',
      taxes: '90.75',
      fees: '10.00',
      paymentSchedule: 'upfront',
      cancellationDate: null,
      cancellationReason: null,
      balanceDue: '0.00',
      paidToDate: '1200.75',
      pastDueSince: null,
      nextRenewalDate: '2025-06-01',
      lastChange: 'Policy issued',
    },
  },
  policy_change: {
    ...frame('policy_change', 'p-chg-100004260'),
    fields: {
      type: 'endorsement',
      name: 'generic',
      state: 'issued',
      effectiveDate: '2024-09-01',
      endDate: null,
      issuedAt: AT,
      premiumChange: '-89.75',
      currency: 'USD',
      reason: 'More miles',
    },
  },
  invoice: {
    ...frame('invoice', 'p-inv-1'),
    fields: {
      number: '100004230',
      type: 'newBusiness',
      status: 'paid',
      issuedAt: AT,
      dueDate: '2024-06-01',
      periodStart: '2024-06-01',
      periodEnd: '2025-06-01',
      currency: 'USD',
      total: '1200.75',
      balance: '0.00',
      lines: [{ key: 'premium', description: 'Premium', amount: '1100.00' }],
    },
  },
  payment: {
    ...frame('payment', 'p-pay-1'),
    fields: {
      number: '100004240',
      amount: '1200.75',
      currency: 'USD',
      postedAt: AT,
      direction: 'in',
      reversed: true,
      reversedAt: AT,
      reference: 'R-1',
    },
  },
  claim: {
    ...frame('claim', 'p-clm-1'),
    fields: {
      number: 'clm-1',
      product: 'personal-auto',
      status: 'open',
      lossDate: '2024-10-01',
      reportedDate: '2024-10-02',
      cause: 'collision',
      description: 'Rear end',
      reserve: '2500.00',
      currency: 'USD',
    },
  },
  claim_item: {
    ...frame('claim_item', 'p-sub-1'),
    fields: {
      coverage: 'collision',
      status: 'open',
      lossReserve: '2000.00',
      expenseReserve: '500.00',
      currency: 'USD',
      description: null,
    },
  },
  premium_row: {
    ...frame('premium_row', 'p-prm-100005140'),
    fields: {
      number: '100005140',
      state: 'issued',
      periodStart: '2024-01-01',
      periodEnd: '2024-04-01',
      dueDate: '2024-05-01',
      issuedAt: AT,
      grossPremium: '10.00',
      grossTaxes: '1.00',
      grossFees: '0.00',
      grossCommissions: '-2.00',
      currency: 'USD',
    },
  },
  activity: {
    ...frame('activity', 'p-act-1'),
    fields: { subject: 'Policy 100004200 was issued', occurredAt: AT, type: 'policy.issue' },
  },
};

function frame<K extends RecordKind>(kind: K, key: CanonicalRecord['key']) {
  return {
    kind,
    key,
    locator: '100004200',
    op: 'upsert' as const,
    relations: [{ name: 'policyholder', kind: 'party' as const, key: 'p-pty-77' as const, required: true }],
    sourceUpdatedAtMs: Date.parse(AT),
  };
}

export function deliveryOf(record: CanonicalRecord, deliveryId = `d-${record.key}`): Delivery {
  return {
    record,
    revision: `${AT}#1`,
    deliveryId,
    timeZone: 'UTC',
    relatedIds: new Map(),
    event: { id: '645e1c3d-d8b7-5b92-94ba-35c68cb69e1a', type: 'policy.issue', occurredAtMs: Date.parse(AT) },
  };
}
