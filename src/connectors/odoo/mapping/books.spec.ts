import { deliveryOf, FULL_RECORDS } from '../../../../test/support/deliveries.ts';
import { invoiceRow, moveTypeOf, reversalRow } from './invoice.js';
import { memoOf, paymentRow } from './payment.js';
import type { CanonicalRecord, RecordOf } from '../../../records/canonical-record.js';

const { invoice, payment } = FULL_RECORDS;
const TO_INVOICE = { name: 'invoice', kind: 'invoice', key: 'p-inv-1', required: true } as const;
const TO_POLICY = { name: 'policy', kind: 'policy', key: 'p-pol-100004200', required: true } as const;

describe('a full record', () => {
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
});

it('an invoice without fields leaves alone what it does not name', () => {
  const record = { ...invoice, fields: {}, relations: [] };
  expect(Object.keys(invoiceRow(record, deliveryOf(record), 'out_invoice'))).toEqual(['cells']);
});

describe('the evening in New York, when it is the next month in Greenwich', () => {
  const AT = '2025-02-01T01:30:00.000Z';
  const inNewYork = (record: CanonicalRecord) => ({ ...deliveryOf(record), timeZone: 'America/New_York' });

  it('an invoice is of that day', () => {
    const record = { ...invoice, fields: { ...invoice.fields, issuedAt: AT } };
    expect(invoiceRow(record, inNewYork(record), 'out_invoice').cells).toMatchObject({ invoice_date: '2025-01-31' });
  });

  it('a payment is of that day', () => {
    const record = { ...payment, fields: { ...payment.fields, postedAt: AT } };
    const row = paymentRow(record, inNewYork(record), { major: 19, journalId: 6, partnerId: undefined });
    expect(row.cells).toMatchObject({ date: '2025-01-31' });
  });

  it('a credit note for what fell away is of that day', () => {
    const delivery = inNewYork(invoice);
    const event = { ...delivery.event, occurredAtMs: Date.parse(AT) };
    const posted = { name: 'INV/1', moveType: 'out_invoice', partnerId: 1, currencyId: 1, lines: [] } as const;
    const { cells } = reversalRow(invoice, { ...delivery, event }, posted);
    expect(cells).toMatchObject({ invoice_date: '2025-01-31' });
  });
});

describe('money', () => {
  it('of a negative total is a credit note of positive lines', () => {
    const fields = { total: '-792.39', lines: [{ key: '1', description: 'Return', amount: '-792.39' }] };
    const record = { ...invoice, fields, relations: [] };
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
    const record = { ...payment, fields, relations: [] };
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
