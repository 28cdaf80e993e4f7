import type { Modification, Policy } from '../../core/entities.js';
import type { RecordOf } from '../../records/canonical-record.js';
import { canonicalRecord, dayOf, instantOf } from '../record.js';
import { toParty } from '../relations.js';
import type { LevelInput } from '../translator.js';
import { describeModification } from './modifications.js';
import { policyRollups } from './policy-rollups.js';
import { CANCEL, decidingModification, policyStatus } from './policy-status.js';

/** The cancellation that stands, also one that takes effect later; a reinstatement lifts it. */
function standingCancellation(policy: Policy): Modification | undefined {
  const deciding = decidingModification(policy, Infinity);
  return deciding?.name === CANCEL ? deciding : undefined;
}

/** Every instant of the payload: the roll-ups are computed from its invoices, payments and modifications too. */
function changedMs({ snapshot }: LevelInput, policy: Policy): readonly (number | undefined)[] {
  const { asOfMs, gracePeriods = [] } = snapshot;
  return [
    policy.createdMs,
    policy.updatedMs,
    policy.issuedMs,
    ...policy.modifications.flatMap((modification) => [modification.createdMs, modification.issuedMs]),
    ...policy.invoices.flatMap((invoice) => [invoice.createdMs, invoice.updatedMs]),
    ...policy.invoices.flatMap((invoice) =>
      invoice.payments.flatMap((payment) => [payment.postedMs, payment.reversedMs]),
    ),
    ...gracePeriods
      .flatMap(({ startMs, settledMs }) => [startMs, settledMs])
      .filter((ms) => ms !== undefined && ms <= asOfMs),
  ];
}

/**
 * The policy with its roll-ups. `effectiveDate` is the start of the first term and `expirationDate` the end as it stands
 * after renewals and cancellations. Dates that no longer hold are `null`, so that the target clears them.
 */
export function policyRecord(input: LevelInput, policy: Policy): RecordOf<'policy'> {
  const { asOfMs, gracePeriods = [] } = input.snapshot;
  const rollups = policyRollups(policy, asOfMs);
  const cancellation = standingCancellation(policy);
  return canonicalRecord(input, 'policy', {
    locator: policy.locator,
    fields: {
      number: policy.displayId,
      product: policy.productName,
      status: policyStatus(policy, gracePeriods, asOfMs),
      effectiveDate: dayOf(input, policy.originalContractStartMs),
      expirationDate: dayOf(input, policy.effectiveContractEndMs ?? policy.originalContractEndMs),
      issuedAt: instantOf(policy.issuedMs),
      currency: policy.currency,
      termPremium: rollups.termPremium,
      taxes: rollups.taxes,
      fees: rollups.fees,
      paymentSchedule: policy.paymentScheduleName,
      cancellationDate: dayOf(input, cancellation?.effectiveMs) ?? null,
      cancellationReason: cancellation?.cancellationName ?? null,
      balanceDue: rollups.balanceDue,
      paidToDate: rollups.paidToDate,
      pastDueSince: dayOf(input, rollups.pastDueSinceMs) ?? null,
      nextRenewalDate: dayOf(input, rollups.nextRenewalMs) ?? null,
      lastChange:
        rollups.lastChange === undefined ? null : describeModification(input, rollups.lastChange, policy.currency),
    },
    relations: toParty(input, true),
    changedMs: changedMs(input, policy),
  });
}
