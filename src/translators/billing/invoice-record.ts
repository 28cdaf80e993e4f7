import type { Invoice } from '../../core/entities.js';
import type { RecordOf, Relation } from '../../records/canonical-record.js';
import { recordKey } from '../../records/record-key.js';
import { canonicalRecord, dayOf, instantOf } from '../record.js';
import { relationTo, toParty, toPolicy } from '../relations.js';
import type { LevelInput } from '../translator.js';
import { period } from '../wording.js';
import { invoicesThatCount, invoiceStatus } from './invoice-status.js';

const TYPE_TITLES: ReadonlyMap<string | undefined, string> = new Map([
  ['newBusiness', 'New business'],
  ['endorsement', 'Endorsement'],
  ['renewal', 'Renewal'],
  ['cancellation', 'Cancellation'],
  ['reinstatement', 'Reinstatement'],
  ['installment', 'Installment'],
  ['premiumReporting', 'Premium report'],
]);

/**
 * The invoices that count: those of the policy whose transaction was issued, and the one the event is about, because
 * the event itself says that it exists (a reinstatement is billed before it is issued).
 */
export function invoicesOf({ snapshot }: LevelInput): readonly Invoice[] {
  const { policy, invoice } = snapshot;
  return [
    ...invoicesThatCount(policy).filter((other) => other.locator !== invoice?.locator),
    ...(invoice === undefined ? [] : [invoice]),
  ];
}

/** `Endorsement, 1 Sep 2024 to 1 Jun 2025` */
function descriptionOf(input: LevelInput, invoice: Invoice): string {
  const title = TYPE_TITLES.get(invoice.type) ?? 'Premium';
  return `${title}${period(input, ',', invoice.startMs, invoice.endMs)}`;
}

/** One invoice. Core knows no partial payment: it is open for its whole total or settled. */
export function invoiceRecord(
  input: LevelInput,
  invoice: Invoice,
  status = invoiceStatus(invoice, input.snapshot.asOfMs),
): RecordOf<'invoice'> {
  const isOutstanding = status === 'open' || status === 'past_due';
  const key = recordKey(input.environment, 'invoice', invoice.locator);
  return canonicalRecord(input, 'invoice', {
    locator: invoice.locator,
    op: status === 'void' ? 'void' : 'upsert',
    fields: {
      number: invoice.displayId ?? invoice.locator,
      type: invoice.type,
      status,
      issuedAt: instantOf(invoice.createdMs),
      dueDate: dayOf(input, invoice.dueMs),
      periodStart: dayOf(input, invoice.startMs),
      periodEnd: dayOf(input, invoice.endMs),
      currency: invoice.currency ?? input.snapshot.policy?.currency,
      total: invoice.totalDue,
      balance: isOutstanding ? invoice.totalDue : '0.00',
      lines: [{ key: `${key}-1`, description: descriptionOf(input, invoice), amount: invoice.totalDue }],
    },
    relations: [...toParty(input, true), ...toPolicy(input, true)],
    changedMs: [
      invoice.createdMs,
      invoice.updatedMs,
      ...invoice.payments.flatMap((payment) => [payment.postedMs, payment.reversedMs]),
    ],
  });
}

/** To an invoice that this translation holds. */
export function toInvoice(input: LevelInput, locator: string | undefined): readonly Relation[] {
  const invoice = invoicesOf(input).find((candidate) => candidate.locator === locator);
  return relationTo(input, 'invoice', 'invoice', invoice?.locator, true);
}
