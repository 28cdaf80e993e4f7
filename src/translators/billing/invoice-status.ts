import type { Invoice, Policy } from '../../core/entities.js';
import type { InvoiceStatus } from '../../records/canonical-record.js';
import { isPositive } from '../../records/money.js';

/** The invoices of a policy whose transaction was issued; the others are plans and owed by nobody yet. */
export function invoicesThatCount(policy: Policy | undefined): readonly Invoice[] {
  return (policy?.invoices ?? []).filter((invoice) => invoice.transactionIssued !== false);
}

/**
 * Core has no "past due": it is what is outstanding after its due time. A credit is never past due.
 *
 * @param asOfMs milliseconds since the epoch
 */
export function invoiceStatus(invoice: Invoice, asOfMs: number): InvoiceStatus {
  if (invoice.settlementStatus === 'settled') {
    if (invoice.settlementType === 'paid') return 'paid';
    if (invoice.settlementType === 'invalidated') return 'void';
    if (invoice.settlementType === 'writtenOff') return 'written_off';
    return 'settled';
  }
  return invoice.dueMs !== undefined && invoice.dueMs < asOfMs && isPositive(invoice.totalDue) ? 'past_due' : 'open';
}
