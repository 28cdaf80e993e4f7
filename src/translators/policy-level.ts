import type { CanonicalRecord } from '../records/canonical-record.js';
import { invoiceRecord, invoicesOf } from './billing/invoice-record.js';
import { paymentRecord } from './billing/payment-record.js';
import { partyRecord } from './party/party-record.js';
import { policyRecord } from './policy/policy-record.js';
import type { LevelInput } from './translator.js';

/**
 * All that the policy's payload gives for free, whatever the event was: policyholder, policy, invoices, payments.
 * Repeating a record costs nothing, because the engine does not send what has not changed; leaving one out would keep a
 * webhook that never rang from being made good by the next one.
 */
export function policyLevel(input: LevelInput): readonly CanonicalRecord[] {
  const { policy, policyholder } = input.snapshot;
  const invoices = invoicesOf(input);
  return [
    ...(policyholder === undefined ? [] : [partyRecord(input, policyholder)]),
    ...(policy === undefined ? [] : [policyRecord(input, policy)]),
    ...invoices.map((invoice) => invoiceRecord(input, invoice)),
    ...invoices.flatMap((invoice) => invoice.payments.map((payment) => paymentRecord(input, payment, invoice))),
  ];
}
