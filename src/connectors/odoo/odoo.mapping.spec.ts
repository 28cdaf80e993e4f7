import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import type { RecordOf } from '../../records/canonical-record.js';
import type { RecordKind } from '../../records/record-kinds.js';
import { activityRow } from './mapping/activity.js';
import { claimFacts, claimRow } from './mapping/claim.js';
import { withFacts } from './mapping/facts.js';
import { invoiceRow, moveTypeOf, reversalRow } from './mapping/invoice.js';
import { partyRow, stateDomain } from './mapping/party.js';
import { memoOf, paymentRow } from './mapping/payment.js';
import { orderRow, policyFacts, policyRow } from './mapping/policy.js';
import { quoteEnd, quoteFacts, quoteRow } from './mapping/quote.js';

const { party, quote, policy, invoice, payment, claim, activity } = FULL_RECORDS;
const TO_INVOICE = { name: 'invoice', kind: 'invoice', key: 'p-inv-1', required: true } as const;
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
    expect(withFacts('', policyFacts(policy))).toContain('<p>Policy status: In force</p>');
    expect(withFacts('', policyFacts(policy))).not.toContain('Term premium');
    // In another currency than orders are, its premium is text only.
    expect(orderRow(policy, deliveryOf(policy), '', true).lines).toMatchObject([{ 'order_line/price_unit': '0' }]);
    expect(withFacts('', policyFacts(policy, true))).toContain('<p>Term premium: 1100.00</p>');
  });

  it('invoice becomes a draft with keyed lines, and without taxes of its own', () => {
    const record = { ...invoice, relations: [...invoice.relations, TO_POLICY] };
    expect(invoiceRow(record, deliveryOf(record), 'out_invoice', ['socotra_sync.p-inv-1_old'])).toEqual({
      cells: {
        id: 'socotra_sync.p-inv-1',
        move_type: 'out_invoice',
        'partner_id/id': 'socotra_sync.p-pty-77',
        invoice_date: '2024-05-21',
        invoice_date_due: '2024-06-01',
        ref: '100004200',
        payment_reference: '100004230',
        invoice_origin: 'p-pol-100004200',
        currency_id: 'USD',
      },
      lines: [
        {
          'invoice_line_ids/id': 'socotra_sync.p-inv-1_premium',
          'invoice_line_ids/name': 'Premium',
          'invoice_line_ids/quantity': '1',
          'invoice_line_ids/price_unit': '1100.00',
          'invoice_line_ids/tax_ids': '',
        },
        {
          'invoice_line_ids/id': 'socotra_sync.p-inv-1_old',
          'invoice_line_ids/name': 'Removed',
          'invoice_line_ids/quantity': '0',
          'invoice_line_ids/price_unit': '0',
          'invoice_line_ids/tax_ids': '',
        },
      ],
    });
  });

  it('payment becomes a customer payment', () => {
    const record = { ...payment, relations: [...payment.relations, TO_INVOICE] };
    const place = { major: 19, journalId: 6, partnerId: 39 };
    const cells = {
      id: 'socotra_sync.p-pay-1',
      payment_type: 'inbound',
      partner_type: 'customer',
      'partner_id/.id': '39',
      amount: '1200.75',
      currency_id: 'USD',
      date: '2024-05-21',
      memo: '100004240 (p-pay-1) for p-inv-1',
      'journal_id/.id': '6',
    };
    expect(paymentRow(record, deliveryOf(record), place).cells).toEqual(cells);
    const { memo: ref, ...others } = cells;
    expect(paymentRow(record, deliveryOf(record), { ...place, major: 17 }).cells).toEqual({ ...others, ref });
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
        '<p>Reported: 2024-10-02</p><p>Cause: collision</p><p>What happened: Rear end</p><p>Reserve: 2500.00</p>',
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
    ['invoice', invoiceRow(sparse(invoice, {}), deliveryOf(sparse(invoice, {})), 'out_invoice'), ['cells']],
    ['claim', claimRow(sparse(claim, {}), deliveryOf(sparse(claim, {}))).cells, ['id', 'project_id/id']],
  ])('%s', (_kind, cells, columns) => {
    expect(Object.keys(cells)).toEqual(columns);
  });

  it('but an address is one value', () => {
    const record = sparse(party, { address: { city: 'Reno' } });
    expect(partyRow(record, deliveryOf(record)).cells).toMatchObject({
      street: '',
      city: 'Reno',
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

describe('money', () => {
  it('of a negative total is a credit note of positive lines', () => {
    const fields = { total: '-792.39', lines: [{ key: '1', description: 'Return', amount: '-792.39' }] };
    const record = sparse(invoice, fields);
    expect(moveTypeOf(record)).toBe('out_refund');
    expect(invoiceRow(record, deliveryOf(record), 'out_refund').lines).toMatchObject([
      { 'invoice_line_ids/price_unit': '792.39' },
    ]);
  });

  it.each<[Partial<RecordOf<'payment'>['fields']>, string, string]>([
    [{ amount: '5.00', direction: 'in' }, 'inbound', '5.00'],
    [{ amount: '-5.00', direction: 'refund' }, 'outbound', '5.00'],
    [{ amount: '5.00', direction: 'refund' }, 'outbound', '5.00'],
    [{ amount: '-5.00' }, 'outbound', '5.00'],
  ])('%j is %s %s', (fields, type, amount) => {
    const record = sparse(payment, fields);
    const row = paymentRow(record, deliveryOf(record), { major: 19, journalId: 6, partnerId: undefined });
    expect(row.cells).toMatchObject({ payment_type: type, amount });
    expect(memoOf(record, deliveryOf(record))).toBe('100004200 (p-pay-1)');
  });

  it('of a posted invoice is balanced line by line', () => {
    const line = { name: 'Premium', quantity: '1', priceUnit: '300.5', taxIds: [4, 5] };
    const posted = { name: 'INV/1', moveType: 'out_invoice', partnerId: 39, currencyId: 1, lines: [line] } as const;
    expect(reversalRow(invoice, deliveryOf(invoice), posted)).toEqual({
      cells: {
        id: 'socotra_sync.p-inv-1_reversal',
        move_type: 'out_refund',
        'partner_id/.id': '39',
        invoice_date: '2024-05-21',
        ref: 'Reversal of INV/1',
        invoice_origin: 'INV/1',
        'currency_id/.id': '1',
      },
      lines: [
        {
          'invoice_line_ids/id': 'socotra_sync.p-inv-1_reversal_1',
          'invoice_line_ids/name': 'Premium',
          'invoice_line_ids/quantity': '1',
          'invoice_line_ids/price_unit': '300.5',
          'invoice_line_ids/tax_ids/.id': '4,5',
        },
      ],
    });
  });
});

it.each([
  ['', [['A', '1']], '<p>A: 1</p>'],
  ['<p>A: 1</p>', [['A', '2']], '<p>A: 2</p>'],
  ['<p>A: 1</p><p>B: 1</p>', [['A', undefined]], '<p>A: 1</p><p>B: 1</p>'],
  ['<p>A: 1</p><p>B: 1</p>', [['A', null]], '<p>B: 1</p>'],
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
