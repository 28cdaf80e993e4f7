import type { FieldValues, Invoice, Payment } from '../../core/entities.js';
import type { RecordOf } from '../../records/canonical-record.js';
import { isNegative } from '../../records/money.js';
import { canonicalRecord, instantOf } from '../record.js';
import { toParty } from '../relations.js';
import type { LevelInput } from '../translator.js';
import { toInvoice } from './invoice-record.js';

/** Payment fields are the tenant's own; the payment provider's number is kept in one such as `stripe_id`. */
function referenceOf(fieldValues: FieldValues): string | undefined {
  return Object.entries(fieldValues).find(([name]) => name.endsWith('_id'))?.[1][0];
}

export function paymentCurrency(input: LevelInput, payment: Payment, invoice?: Invoice): string | undefined {
  return payment.currency ?? invoice?.currency ?? input.snapshot.policy?.currency;
}

/** One payment, or a refund where Core gives a negative amount. It always settles one whole invoice. */
export function paymentRecord(input: LevelInput, payment: Payment, invoice?: Invoice): RecordOf<'payment'> {
  return canonicalRecord(input, 'payment', {
    locator: payment.locator,
    fields: {
      number: payment.displayId ?? payment.locator,
      amount: payment.amount,
      currency: paymentCurrency(input, payment, invoice),
      postedAt: instantOf(payment.postedMs),
      direction: isNegative(payment.amount) ? 'refund' : 'in',
      reversed: payment.reversedMs !== undefined,
      reversedAt: instantOf(payment.reversedMs),
      reference: referenceOf(payment.fieldValues),
    },
    relations: [...toInvoice(input, payment.invoiceLocator ?? invoice?.locator), ...toParty(input, false)],
    changedMs: [payment.postedMs, payment.reversedMs],
  });
}
