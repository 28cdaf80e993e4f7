import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../core/entities.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { invoiceRecord, invoicesOf } from './billing/invoice-record.js';
import { invoicesThatCount } from './billing/invoice-status.js';
import { paymentRecord } from './billing/payment-record.js';
import { partyRecord } from './party/party-record.js';
import { perPolicy } from './per-policy.js';
import { policyRecord } from './policy/policy-record.js';
import type { LevelInput } from './translator.js';

/** Two hundred events of one claim share a policy, and so its level. */
const levelOfPolicy = perPolicy((_policy, input: LevelInput) => levelOf(input), isSameInput);

/**
 * All that the policy's payload gives for free, whatever the event was: policyholder, policy, invoices, payments.
 * Repeating a record costs nothing, because the engine does not send what has not changed; leaving one out would keep a
 * webhook that never rang from being made good by the next one.
 */
export function policyLevel(input: LevelInput): readonly CanonicalRecord[] {
  const { policy } = input.snapshot;
  return policy === undefined ? levelOf(input) : levelOfPolicy(policy, withoutShownInvoice(input, policy));
}

/** The invoice that an event is about adds nothing where the policy shows it by itself: then the level is that of any event. */
function withoutShownInvoice(input: LevelInput, policy: Policy): LevelInput {
  const { invoice, ...others } = input.snapshot;
  if (invoice === undefined || !invoicesThatCount(policy).includes(invoice)) return input;
  return { ...input, snapshot: others };
}

function levelOf(input: LevelInput): readonly CanonicalRecord[] {
  const { policy, policyholder } = input.snapshot;
  const invoices = invoicesOf(input);
  return [
    ...(policyholder === undefined ? [] : [partyRecord(input, policyholder)]),
    ...(policy === undefined ? [] : [policyRecord(input, policy)]),
    ...invoices.map((invoice) => invoiceRecord(input, invoice)),
    ...invoices.flatMap((invoice) => invoice.payments.map((payment) => paymentRecord(input, payment, invoice))),
  ];
}

/** Whether two inputs with the same policy lead to the same level. */
function isSameInput(a: LevelInput, b: LevelInput): boolean {
  return (
    a.environment === b.environment &&
    a.timeZone === b.timeZone &&
    a.snapshot.asOfMs === b.snapshot.asOfMs &&
    a.snapshot.policyholder === b.snapshot.policyholder &&
    a.snapshot.gracePeriods === b.snapshot.gracePeriods &&
    a.snapshot.invoice === b.snapshot.invoice &&
    isDeepStrictEqual(a.mapped, b.mapped)
  );
}
