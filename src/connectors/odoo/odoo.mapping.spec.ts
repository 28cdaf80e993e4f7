import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import type { RecordOf } from '../../records/canonical-record.js';
import type { RecordKind } from '../../records/record-kinds.js';
import { activityRow } from './mapping/activity.js';
import { claimFacts, claimRow } from './mapping/claim.js';
import { withFacts } from './mapping/facts.js';
import { partyRow, stateDomain } from './mapping/party.js';
import { memoField } from './mapping/payment.js';
import { orderRow, policyFacts, policyRow } from './mapping/policy.js';
import { quoteEnd, quoteFacts, quoteRow } from './mapping/quote.js';

const { party, quote, policy, claim, activity } = FULL_RECORDS;
const TO_POLICY = { name: 'policy', kind: 'policy', key: 'p-pol-100004200', required: true } as const;

/** The record with these fields only, and without relations. */
function sparse<K extends RecordKind>(record: RecordOf<K>, fields: RecordOf<K>['fields']): RecordOf<K> {
  return { ...record, fields, relations: [] };
}

describe('a full record', () => {
  it('party becomes a contact', () => {
    expect(partyRow(party, deliveryOf(party), 13).cells).toEqual({
      id: 'socotra_sync.p-pty-77',
      name: 'Jordan Avery',
      email: 'jordan@example.com',
      company_type: 'person',
      ref: '100004200',
      phone: '+1 555 0100',
      street: '1 Main St',
      city: 'Pasadena',
      zip: '91101',
      country_id: 'US',
      'state_id/.id': '13',
      loyaltyNumber: 'L-1',
      nickname: '',
    });
  });

  it('quote becomes an opportunity', () => {
    expect(quoteRow(quote, deliveryOf(quote), '<p>x</p>').cells).toEqual({
      id: 'socotra_sync.p-quo-100004210',
      name: 'Quote 1',
      'partner_id/id': 'socotra_sync.p-pty-77',
      type: 'opportunity',
      expected_revenue: '1100.00',
      date_deadline: '2024-06-01',
      description: '<p>x</p>',
    });
    expect(withFacts('', quoteFacts(quote))).toBe(
      '<p>Quote state: Quoted</p><p>Product: personal-auto</p><p>Cover from: 2024-06-01</p>' +
        '<p>Cover until: 2025-06-01</p><p>Currency: USD</p>',
    );
  });

  it('policy becomes a record of the own model', () => {
    expect(policyRow(policy, deliveryOf(policy)).cells).toEqual({
      id: 'socotra_sync.p-pol-100004200',
      x_name: '100004200',
      x_locator: '100004200',
      'x_partner_id/id': 'socotra_sync.p-pty-77',
      x_product: 'personal-auto',
      x_status: 'In force',
      x_effective_date: '2024-06-01',
      x_expiration_date: '2025-06-01',
      x_issue_date: '2024-05-21',
      x_currency: 'USD',
      x_term_premium: '1100.00',
      x_taxes: '90.75',
      x_fees: '10.00',
      x_payment_schedule: 'upfront',
      x_cancellation_date: '',
      x_cancellation_reason: '',
      x_balance_due: '0.00',
      x_paid_to_date: '1200.75',
      x_past_due_since: '',
      x_next_renewal_date: '2025-06-01',
      x_last_change: 'Policy issued',
    });
  });

  it('policy becomes a draft order of one keyed line where there is no such model', () => {
    expect(orderRow(policy, deliveryOf(policy), '<p>x</p>')).toEqual({
      cells: {
        id: 'socotra_sync.p-pol-100004200',
        'partner_id/id': 'socotra_sync.p-pty-77',
        client_order_ref: '100004200',
        origin: 'Socotra',
        note: '<p>x</p>',
      },
      lines: [
        {
          'order_line/id': 'socotra_sync.p-pol-100004200_premium',
          'order_line/product_id/id': 'socotra_sync.insurance_policy',
          'order_line/name': 'Policy 100004200',
          'order_line/product_uom_qty': '1',
          'order_line/price_unit': '1100.00',
        },
      ],
    });
    expect(withFacts('', policyFacts(policy, deliveryOf(policy)))).toContain('<p>Policy status: In force</p>');
    expect(withFacts('', policyFacts(policy, deliveryOf(policy)))).not.toContain('Term premium');
    // In another currency than orders are, its premium is text only.
    expect(orderRow(policy, deliveryOf(policy), '', true).lines).toMatchObject([{ 'order_line/price_unit': '0' }]);
    expect(withFacts('', policyFacts(policy, deliveryOf(policy), true))).toContain('<p>Term premium: 1100.00</p>');
  });

  it('claim becomes a task', () => {
    const record = { ...claim, relations: [...claim.relations, TO_POLICY] };
    expect(claimRow(record, deliveryOf(record), '<p>x</p>').cells).toEqual({
      id: 'socotra_sync.p-clm-1',
      name: 'Claim clm-1',
      'project_id/id': 'socotra_sync.insurance_claims',
      'partner_id/id': 'socotra_sync.p-pty-77',
      state: '01_in_progress',
      description: '<p>x</p>',
    });
    expect(withFacts('', claimFacts(record, deliveryOf(record)))).toBe(
      '<p>Claim number: clm-1</p><p>Claim status: Open</p><p>Policy: p-pol-100004200</p><p>Product: personal-auto</p><p>Loss date: 2024-10-01</p>' +
        '<p>Reported: 2024-10-02</p><p>Cause: collision</p><p>What happened: Rear end</p><p>Reserve: 2500.00 USD</p>',
    );
  });

  it('activity becomes a note', () => {
    expect(activityRow(activity, { model: 'sale.order', id: 7 }).cells).toEqual({
      id: 'socotra_sync.p-act-1',
      model: 'sale.order',
      res_id: '7',
      body: '<p>Policy 100004200 was issued</p>',
      message_type: 'comment',
      'subtype_id/id': 'mail.mt_note',
      date: '2024-05-21 15:30:00',
    });
  });
});

describe('a sparse record leaves alone what it does not name', () => {
  it.each<[string, object, readonly string[]]>([
    ['party that is known', partyRow(sparse(party, {}), { ...deliveryOf(party), targetId: '1' }).cells, ['id', 'ref']],
    ['party that is new', partyRow(sparse(party, {}), deliveryOf(party)).cells, ['id', 'name', 'ref']],
    ['quote', quoteRow(sparse(quote, {}), deliveryOf(sparse(quote, {}))).cells, ['id', 'type']],
    ['policy', policyRow(sparse(policy, {}), deliveryOf(sparse(policy, {}))).cells, ['id', 'x_locator']],
    ['order', orderRow(sparse(policy, {}), deliveryOf(sparse(policy, {}))), ['cells']],
    ['claim', claimRow(sparse(claim, {}), deliveryOf(sparse(claim, {}))).cells, ['id', 'project_id/id']],
  ])('%s', (_kind, cells, columns) => {
    expect(Object.keys(cells)).toEqual(columns);
  });

  it('and of an address the parts that it does not name: people may have entered them', () => {
    const record = sparse(party, { address: { city: 'Reno' } });
    expect(Object.keys(partyRow(record, deliveryOf(record)).cells)).toEqual(['id', 'name', 'ref', 'city']);
    const none = sparse(party, { address: null });
    expect(partyRow(none, deliveryOf(none)).cells).toMatchObject({
      street: '',
      city: '',
      zip: '',
      country_id: '',
      'state_id/.id': '',
    });
  });
});

describe('a record that ended', () => {
  it.each<[Partial<RecordOf<'quote'>>, 'won' | 'lost' | undefined]>([
    [{ fields: { state: 'draft' } }, undefined],
    [{ fields: { state: 'quoted' } }, undefined],
    [{ fields: { state: 'unknown' } }, undefined],
    [{ fields: { state: 'accepted' } }, 'won'],
    [{ fields: { state: 'declined' } }, 'lost'],
    [{ fields: { state: 'discarded' } }, 'lost'],
    [{ op: 'void', fields: {} }, 'lost'],
  ])('quote %j: %s', (parts, end) => {
    expect(quoteEnd({ ...quote, ...parts })).toBe(end);
  });

  it.each<[Partial<RecordOf<'claim'>>, string]>([
    [{ fields: { status: 'open' } }, '01_in_progress'],
    [{ fields: { status: 'closed' } }, '1_done'],
    [{ fields: { status: 'discarded' } }, '1_canceled'],
    [{ op: 'void', fields: {} }, '1_canceled'],
  ])('claim %j: %s', (parts, state) => {
    const record = { ...claim, ...parts };
    expect(claimRow(record, deliveryOf(record)).cells).toMatchObject({ state });
  });

  it('policy is discarded, whatever its status', () => {
    const record = { ...policy, op: 'void' as const };
    expect(policyRow(record, deliveryOf(record)).cells).toMatchObject({ x_status: 'Discarded' });
  });
});

it.each([
  ['', [['A', '1']], '<p>A: 1</p>'],
  ['<p>A: 1</p>', [['A', '2']], '<p>A: 2</p>'],
  ['<p>A: 1</p><p>B: 1</p>', [['A', undefined]], '<p>A: 1</p><p>B: 1</p>'],
  ['<p>A: 1</p><p>B: 1</p>', [['A', null]], '<p>B: 1</p>'],
  ['<p>A: 1</p><p>B: 1</p>', [['A', '']], '<p>B: 1</p>'],
  ['<p data-x="1">A: 1</p>', [['A', '2']], '<p data-x="1">A: 2</p>'],
  ['<p>Called twice.</p>', [['A', '<b> & Co']], '<p>Called twice.</p><p>A: &lt;b&gt; &amp; Co</p>'],
  ['<p>A: x</p>', [['A', '$1 $$ $`']], '<p>A: $1 $$ $`</p>'],
  ['<p>AA: 1</p>', [['A', '2']], '<p>AA: 1</p><p>A: 2</p>'],
] as const)('facts: %s and %j make %s', (html, facts, expected) => {
  expect(withFacts(html, facts)).toBe(expected);
});

it('a state is looked for within its country', () => {
  expect(stateDomain('CA', 'us')).toEqual([
    '|',
    ['country_id.code', '=', 'US'],
    ['country_id.name', '=ilike', 'us'],
    '|',
    ['code', '=ilike', 'CA'],
    ['name', '=ilike', 'CA'],
  ]);
  expect(stateDomain('CA', undefined)).toEqual(['|', ['code', '=ilike', 'CA'], ['name', '=ilike', 'CA']]);
});

it.each([
  [17, 'ref'],
  [18, 'memo'],
  [19, 'memo'],
])('the text of a payment has its field by the version: %i has %s', (major, field) => {
  expect(memoField(major)).toBe(field);
});
