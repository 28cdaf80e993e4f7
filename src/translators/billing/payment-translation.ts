import type { Invoice, Payment } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { isNegative, negate } from '../../records/money.js';
import { awaiting, ownLine } from '../activity.js';
import type { Translation, TranslationInput } from '../translator.js';
import { tell } from '../translation.js';
import { amount, calledBy } from '../wording.js';
import { invoicesOf } from './invoice-record.js';
import { INVOICE_NEEDS } from './invoice-translation.js';
import { paymentCurrency, paymentRecord } from './payment-record.js';

/** A payment names its invoice and not its policy. */
export const PAYMENT_NEEDS = [...INVOICE_NEEDS, 'payment'] as const satisfies readonly SnapshotMember[];

/** The words for one payment or refund: `Payment 100004240 of 1200.75 USD` and ` for invoice 100004230`. */
interface PaymentWords {
  readonly subject: string;
  readonly bill: string;
  readonly isRefund: boolean;
}

function wordsFor(input: TranslationInput, payment: Payment, invoice: Invoice | undefined): PaymentWords {
  const isRefund = isNegative(payment.amount);
  const value = isRefund ? negate(payment.amount) : payment.amount;
  const ofAmount = amount(' of', value, paymentCurrency(input, payment, invoice));
  return {
    subject: `${isRefund ? 'Refund' : 'Payment'} ${calledBy(payment)}${ofAmount}`,
    bill: invoice === undefined ? '' : ` for invoice ${calledBy(invoice)}`,
    isRefund,
  };
}

/** Balance and status are the policy's: they are to say the same as the event. */
function isShownByPolicy(
  { snapshot, event }: TranslationInput,
  payment: Payment,
  invoice: Invoice | undefined,
): boolean {
  const billed = snapshot.policy?.invoices.find(({ locator }) => locator === invoice?.locator);
  const booked = billed?.payments.find(({ locator }) => locator === payment.locator);
  if (billed === undefined) return true;
  return booked !== undefined && (event.type !== 'payment.reverse' || booked.reversedMs !== undefined);
}

/**
 * @param line the sentence for a found payment
 * @param plain the sentence where Core does not show the payment
 */
export function paymentTranslation(
  input: TranslationInput,
  line: (words: PaymentWords) => string,
  plain: string,
): Translation {
  const { payment } = input.snapshot;
  if (payment === undefined) return tell(input, { line: plain });
  const invoiceLocator = payment.invoiceLocator ?? input.event.locators.invoiceLocator;
  const invoice = invoicesOf(input).find((candidate) => candidate.locator === invoiceLocator);
  const about = paymentRecord(input, payment, invoice);
  const sentence = line(wordsFor(input, payment, invoice));
  const isShown = isShownByPolicy(input, payment, invoice);
  return tell(input, { line: isShown ? sentence : awaiting('payment', ownLine(input, about, sentence)), about });
}
