import type { GracePeriod, Modification, Policy } from '../../core/entities.js';
import type { PolicyStatus } from '../../records/canonical-record.js';

export const CREATE = 'modification.policy.create';
export const CANCEL = 'modification.policy.cancel';
export const LAPSE = 'modification.policy.lapse';
export const REINSTATE = 'modification.policy.reinstate';
export const RENEW = 'modification.policy.renew';

const STATUS_MODIFICATIONS: readonly string[] = [CREATE, CANCEL, LAPSE, REINSTATE];

/** An issued modification whose effective time is known; only such a one changes what the policy is. */
interface EffectiveModification extends Modification {
  readonly effectiveMs: number;
  readonly issuedMs: number;
}

function isEffective(modification: Modification): modification is EffectiveModification {
  return modification.issuedMs !== undefined && modification.effectiveMs !== undefined;
}

function isEffectiveBy(modification: Modification, asOfMs: number): modification is EffectiveModification {
  return isEffective(modification) && modification.effectiveMs <= asOfMs;
}

function byIssue(a: EffectiveModification, b: EffectiveModification): number {
  return a.issuedMs - b.issuedMs || (a.number ?? 0) - (b.number ?? 0);
}

/**
 * What was issued of create, cancel, lapse and reinstate, and still holds, in the order of its effect: each overtakes
 * what was issued before it for the same time or a later one. A policy cancelled from the start holds no reinstatement
 * of later in the year.
 */
function standingModifications(policy: Policy): readonly EffectiveModification[] {
  const standing: EffectiveModification[] = [];
  const ofStatus = policy.modifications.filter(({ name }) => STATUS_MODIFICATIONS.includes(name)).filter(isEffective);
  for (const modification of ofStatus.toSorted(byIssue)) {
    while ((standing.at(-1)?.effectiveMs ?? -Infinity) >= modification.effectiveMs) standing.pop();
    standing.push(modification);
  }
  return standing;
}

/**
 * The modification that decides the status at an instant: of what still holds, what took effect last.
 * `Infinity` asks for the one that will decide once everything issued has taken effect.
 */
export function decidingModification(policy: Policy, asOfMs: number): EffectiveModification | undefined {
  return standingModifications(policy).findLast(({ effectiveMs }) => effectiveMs <= asOfMs);
}

function isOpen(gracePeriod: GracePeriod, asOfMs: number): boolean {
  return (
    gracePeriod.settledMs === undefined &&
    (gracePeriod.startMs ?? -Infinity) <= asOfMs &&
    asOfMs < (gracePeriod.endMs ?? Infinity)
  );
}

/**
 * Where the terms of a policy end, oldest first: where issued renewals begin, and where the contract ends as it stands.
 * Milliseconds since the epoch.
 */
export function termEnds(policy: Policy): readonly number[] {
  const contractEndMs = policy.effectiveContractEndMs ?? policy.originalContractEndMs ?? Infinity;
  const renewals = policy.modifications.filter(({ name }) => name === RENEW).filter(isEffective);
  const begun = renewals.map(({ effectiveMs }) => effectiveMs).filter((ms) => ms < contractEndMs);
  return [...begun, contractEndMs].filter(Number.isFinite).toSorted((a, b) => a - b);
}

function wasRenewedSince(policy: Policy, sinceMs: number, asOfMs: number): boolean {
  return policy.modifications.some(
    (modification) =>
      modification.name === RENEW && isEffectiveBy(modification, asOfMs) && modification.effectiveMs > sinceMs,
  );
}

/**
 * What a policy is at an instant. Core returns no status; the order of the rules is the one of Socotra's own data mart
 * SQL: an open, unsettled grace period first, then the modification that took effect last, unless a later one overtook it.
 *
 * - A cancellation issued for the future is not yet one; `policy.cancellation` outlives a reinstatement and is not asked.
 * - `reinstated` lasts until the next renewal takes effect, then the policy is simply `in_force`.
 * - `expired` is an end that came by itself; after a cancellation or a lapse the policy stays what it was.
 *
 * @param gracePeriods those of this policy, in any order
 * @param asOfMs milliseconds since the epoch
 */
export function policyStatus(policy: Policy, gracePeriods: readonly GracePeriod[], asOfMs: number): PolicyStatus {
  if (policy.issuedMs === undefined) return 'quote';
  if (gracePeriods.some((gracePeriod) => isOpen(gracePeriod, asOfMs))) return 'in_grace_period';
  const deciding = decidingModification(policy, asOfMs);
  if (deciding?.name === CANCEL) return 'cancelled';
  if (deciding?.name === LAPSE) return 'lapsed';
  if (deciding === undefined && (policy.originalContractStartMs ?? -Infinity) > asOfMs) return 'issued';
  if ((policy.effectiveContractEndMs ?? policy.originalContractEndMs ?? Infinity) <= asOfMs) return 'expired';
  if (deciding?.name === REINSTATE && !wasRenewedSince(policy, deciding.effectiveMs, asOfMs)) return 'reinstated';
  return 'in_force';
}
