import type { RecordOf } from '../../../records/canonical-record.js';
import { isNegative, negate } from '../../../records/money.js';
import type { Delivery } from '../../connector.js';
import { dayOf } from '../../kit/day-of.js';
import type { OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey } from './cells.js';

/** The text of a payment that people and the app find it by; before 18 its field has another name. */
export function memoField(major: number): 'memo' | 'ref' {
  return major >= 18 ? 'memo' : 'ref';
}

/** `100004240 (p-pay-…) for p-inv-…`: with the keys, because a payment that is not posted is tied to no invoice. */
export function memoOf({ key, locator, fields }: RecordOf<'payment'>, delivery: Delivery): string {
  const invoice = relatedKey(delivery, 'invoice');
  return `${fields.number ?? locator} (${key})${invoice === undefined ? '' : ` for ${invoice}`}`;
}

export interface PaymentPlace {
  readonly major: number;
  readonly journalId: number;
  /** The partner of the invoice, which the payment must share to be assigned to it. */
  readonly partnerId: number | undefined;
}

/** A payment or refund: `account.payment`, as it is created. Its amount is never written again. */
export function paymentRow(
  record: RecordOf<'payment'>,
  delivery: Delivery,
  { major, journalId, partnerId }: PaymentPlace,
): OdooRow {
  const { key, fields } = record;
  const { amount = '0.00' } = fields;
  const isRefund = fields.direction === 'refund' || isNegative(amount);
  return {
    cells: {
      id: externalId(key),
      payment_type: isRefund ? 'outbound' : 'inbound',
      partner_type: 'customer',
      ...(partnerId === undefined
        ? relatedCell('partner_id', relatedKey(delivery, 'party'))
        : { 'partner_id/.id': String(partnerId) }),
      amount: isNegative(amount) ? negate(amount) : amount,
      ...cell('currency_id', fields.currency),
      ...cell('date', dayOf(fields.postedAt, delivery)),
      [memoField(major)]: memoOf(record, delivery),
      'journal_id/.id': String(journalId),
      ...customCells(fields),
    },
  };
}
