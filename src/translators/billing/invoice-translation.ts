import type { Invoice } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import { voidRecord } from '../record.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, calledBy } from '../wording.js';
import { invoiceRecord } from './invoice-record.js';

/** The invoice is found inside its policy: Core has no confirmed endpoint for one. */
export const INVOICE_NEEDS = [...POLICY_NEEDS, 'invoice'] as const satisfies readonly SnapshotMember[];

export function totalOf(input: TranslationInput, words: string, invoice: Invoice): string {
  return amount(words, invoice.totalDue, invoice.currency ?? input.snapshot.policy?.currency);
}

/**
 * @param line the sentence for a found invoice
 * @param plain the sentence where Core does not show the invoice
 */
export function invoiceTranslation(
  input: TranslationInput,
  line: (invoice: Invoice, number: string) => string,
  plain: string,
): Translation {
  const { invoice } = input.snapshot;
  if (invoice === undefined) return tell(input, { line: plain });
  return tell(input, { line: line(invoice, calledBy(invoice)), about: invoiceRecord(input, invoice) });
}

/** An invalidated invoice is owed by nobody, whether Core still lists it or not. */
export function invalidatedInvoice(input: TranslationInput): Translation {
  const { invoice } = input.snapshot;
  const { invoiceLocator } = input.event.locators;
  if (invoice !== undefined) {
    const line = `Invoice ${calledBy(invoice)}${totalOf(input, ' of', invoice)} invalidated`;
    return tell(input, { line, about: invoiceRecord(input, invoice, 'void') });
  }
  const gone =
    invoiceLocator === undefined ? undefined : voidRecord(input, 'invoice', invoiceLocator, { status: 'void' });
  return tell(input, { line: 'An invoice was invalidated', gone });
}
