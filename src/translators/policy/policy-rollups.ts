import type { Invoice, Modification, Policy, PolicyCharacteristics } from '../../core/entities.js';
import type { DecimalString } from '../../records/canonical-record.js';
import { isNegative, isPositive, sum } from '../../records/money.js';
import { invoicesThatCount } from '../billing/invoice-status.js';
import { perPolicy } from '../per-policy.js';
import { CANCEL, decidingModification, LAPSE, RENEW } from './policy-status.js';

/** Sums over a policy, computed afresh from its newest state, so that no order of events can make them drift. */
export interface PolicyRollups {
  /** Gross premium of the un-replaced segments of the current term. */
  readonly termPremium: DecimalString;
  /** Taxes of the current term. */
  readonly taxes: DecimalString;
  /** Fees of the current term that were not reversed. */
  readonly fees: DecimalString;
  /** Outstanding invoices; credits count negative. */
  readonly balanceDue: DecimalString;
  /** Payments that were not reversed, over all terms. */
  readonly paidToDate: DecimalString;
  /** Due time of the oldest bill that is due, not paid and not offset by credits; absent when nothing is past due. */
  readonly pastDueSinceMs?: number;
  /** End of the contract as it stands; absent when it ends by a cancellation or lapse or has ended. */
  readonly nextRenewalMs?: number;
  /** The modification issued last. */
  readonly lastChange?: Modification;
}

interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Renewals cut the life of a policy into terms. The current one is the last that has begun; before the first begins, the
 * first. A renewal that a cancellation has overtaken begins no term. (The segments' own `policyStartTimestamp` is of no use:
 * after a renewal it still shows the first term.)
 *
 * A renewal that is accepted but not issued has its segment in the policy already. It begins no term, because it may still
 * fall away, but it ends the one before it, or that one would count the premium of both. The contract's end says nothing
 * about it: until the renewal is issued, the contract ends where it begins.
 */
function currentTerm(policy: Policy, asOfMs: number): Period {
  const contractEndMs = policy.effectiveContractEndMs ?? Infinity;
  const renewals = policy.modifications
    .filter(({ name }) => name === RENEW)
    .flatMap(({ effectiveMs, issuedMs }) =>
      effectiveMs === undefined ? [] : { startMs: effectiveMs, isIssued: issuedMs !== undefined },
    )
    .filter(({ startMs, isIssued }) => !isIssued || startMs < contractEndMs)
    .toSorted((a, b) => a.startMs - b.startMs);
  const startMs = renewals.findLast((renewal) => renewal.isIssued && renewal.startMs <= asOfMs)?.startMs ?? -Infinity;
  const endMs = renewals.find((renewal) => renewal.startMs > startMs)?.startMs ?? Infinity;
  return { startMs, endMs };
}

function isIn(term: Period, startMs = -Infinity, endMs = Infinity): boolean {
  return startMs < term.endMs && endMs > term.startMs;
}

/**
 * The segment of a renewal or reinstatement that is accepted but not issued: it may still fall away, and until it is
 * issued the contract ends before it. That of a pending endorsement lies within the contract.
 */
function isBehindTheEnd({ issuedMs, startMs = -Infinity }: PolicyCharacteristics, policy: Policy): boolean {
  return (
    policy.issuedMs !== undefined && issuedMs === undefined && startMs >= (policy.effectiveContractEndMs ?? Infinity)
  );
}

function feesOf(policy: Policy, term: Period): DecimalString {
  if (policy.fees.length === 0) return policy.grossFees ?? '0.00';
  return sum(policy.fees.filter((fee) => !fee.reversed && isIn(term, fee.startMs, fee.endMs)).map((fee) => fee.amount));
}

function outstandingInvoices(policy: Policy): readonly Invoice[] {
  return invoicesThatCount(policy).filter((invoice) => invoice.settlementStatus === 'outstanding');
}

/**
 * Credits pay for the oldest bills first. Core leaves both outstanding, for example the credit of a cancellation and the
 * bill of the reinstatement that takes it back: such a bill is owed by nobody, and "past due" beside a balance of 0.00
 * would send an account manager after a customer who owes nothing.
 */
function pastDueSince(invoices: readonly Invoice[], asOfMs: number): number | undefined {
  let owed = sum(invoices.map((invoice) => invoice.totalDue).filter(isNegative));
  const bills = invoices.filter((invoice) => isPositive(invoice.totalDue));
  for (const bill of bills.toSorted((a, b) => (a.dueMs ?? Infinity) - (b.dueMs ?? Infinity))) {
    owed = sum([owed, bill.totalDue]);
    if (isPositive(owed)) return bill.dueMs !== undefined && bill.dueMs < asOfMs ? bill.dueMs : undefined;
  }
  return undefined;
}

/** A contract that ends because it was cancelled or lapsed, now or later, is not up for renewal. */
function nextRenewal(policy: Policy, asOfMs: number): number | undefined {
  const endMs = policy.effectiveContractEndMs ?? policy.originalContractEndMs;
  if (policy.issuedMs === undefined || endMs === undefined || endMs <= asOfMs) return undefined;
  const deciding = decidingModification(policy, Infinity)?.name;
  return deciding === CANCEL || deciding === LAPSE ? undefined : endMs;
}

function lastChange(policy: Policy): Modification | undefined {
  return policy.modifications
    .flatMap((modification) => (modification.issuedMs === undefined ? [] : { modification, at: modification.issuedMs }))
    .toSorted((a, b) => a.at - b.at || (a.modification.number ?? 0) - (b.modification.number ?? 0))
    .at(-1)?.modification;
}

function rollUp(policy: Policy, asOfMs: number): PolicyRollups {
  const term = currentTerm(policy, asOfMs);
  const current = policy.characteristics
    .filter((segment) => segment.replacedMs === undefined)
    .filter((segment) => isIn(term, segment.startMs, segment.endMs) && !isBehindTheEnd(segment, policy));
  const outstanding = outstandingInvoices(policy);
  const payments = policy.invoices.flatMap((invoice) => invoice.payments);
  const pastDueSinceMs = pastDueSince(outstanding, asOfMs);
  const nextRenewalMs = nextRenewal(policy, asOfMs);
  const last = lastChange(policy);
  return {
    termPremium: sum(current.flatMap((segment) => segment.grossPremium ?? [])),
    taxes: sum(current.flatMap((segment) => segment.grossTaxes ?? [])),
    fees: feesOf(policy, term),
    balanceDue: sum(outstanding.map((invoice) => invoice.totalDue)),
    paidToDate: sum(payments.filter((payment) => payment.reversedMs === undefined).map((payment) => payment.amount)),
    ...(pastDueSinceMs !== undefined && { pastDueSinceMs }),
    ...(nextRenewalMs !== undefined && { nextRenewalMs }),
    ...(last !== undefined && { lastChange: last }),
  };
}

/**
 * The money and the dates of a policy as a list in a CRM shows them.
 *
 * @param asOfMs milliseconds since the epoch: decides which term is current and what is past due
 */
export const policyRollups = perPolicy(rollUp, (a, b) => a === b);
