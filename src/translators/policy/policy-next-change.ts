import type { GracePeriod, Policy } from '../../core/entities.js';
import { invoiceStatus, invoicesThatCount } from '../billing/invoice-status.js';
import { perPolicy } from '../per-policy.js';
import { isEndorsement } from './modifications.js';
import { policyRollups } from './policy-rollups.js';
import { policyStatus, RENEW } from './policy-status.js';

/** Every field of the policy and its invoices that is computed from "now", as one comparable text. */
function timedFacts(policy: Policy, gracePeriods: readonly GracePeriod[], asOfMs: number): string {
  const { termPremium, taxes, fees, pastDueSinceMs, nextRenewalMs } = policyRollups(policy, asOfMs);
  return JSON.stringify([
    policyStatus(policy, gracePeriods, asOfMs),
    [termPremium, taxes, fees, pastDueSinceMs, nextRenewalMs],
    invoicesThatCount(policy).map((invoice) => invoiceStatus(invoice, asOfMs)),
  ]);
}

function contractEnd(policy: Policy): number | undefined {
  return policy.effectiveContractEndMs ?? policy.originalContractEndMs;
}

/**
 * When an issued endorsement or renewal takes effect: from then on other versions of the policy's fields hold, of which
 * the tenant may have mapped any. What lies after the end of the contract was overtaken by a cancellation.
 */
function newVersionTimes(policy: Policy): readonly number[] {
  const endMs = contractEnd(policy) ?? Infinity;
  return policy.modifications
    .filter((modification) => isEndorsement(modification) || modification.name === RENEW)
    .filter((modification) => modification.issuedMs !== undefined)
    .flatMap((modification) => modification.effectiveMs ?? [])
    .filter((effectiveMs) => effectiveMs < endMs);
}

/** Instants at which a fact may change: what bounds the contract, its changes and grace periods, and the end of due times. */
function otherTimes(policy: Policy, gracePeriods: readonly GracePeriod[]): readonly number[] {
  return [
    policy.originalContractStartMs,
    contractEnd(policy),
    ...policy.modifications.map(({ effectiveMs }) => effectiveMs),
    ...policy.invoices.map(({ dueMs }) => (dueMs === undefined ? undefined : dueMs + 1)),
    ...gracePeriods.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ].filter((instantMs) => instantMs !== undefined);
}

/** What of a reading decides about the next change of a policy. */
interface Reading {
  readonly gracePeriods: readonly GracePeriod[];
  readonly asOfMs: number;
}

function isSameReading(a: Reading, b: Reading): boolean {
  const bothWithout = a.gracePeriods.length === 0 && b.gracePeriods.length === 0;
  return a.asOfMs === b.asOfMs && (a.gracePeriods === b.gracePeriods || bothWithout);
}

function findNextChange(policy: Policy, { gracePeriods, asOfMs }: Reading): number | undefined {
  const isLater = (instantMs: number) => instantMs > asOfMs;
  const written = timedFacts(policy, gracePeriods, asOfMs);
  const changing = otherTimes(policy, gracePeriods)
    .filter(isLater)
    .toSorted((a, b) => a - b)
    .find((instantMs) => timedFacts(policy, gracePeriods, instantMs) !== written);
  const instants = [...newVersionTimes(policy).filter(isLater), ...(changing === undefined ? [] : [changing])];
  return instants.length === 0 ? undefined : Math.min(...instants);
}

const nextChangeOf = perPolicy(findNextChange, isSameReading);

/**
 * When the policy has to be written again although no event will say so: an issued change takes effect, the contract
 * begins or ends, an outstanding bill becomes past due, a grace period ends. An instant after which everything still
 * reads the same is none.
 *
 * @param gracePeriods those of this policy, in any order
 * @param asOfMs milliseconds since the epoch: when the policy was read
 * @returns the earliest such instant after `asOfMs`, in milliseconds since the epoch
 */
export function nextChangeMs(policy: Policy, gracePeriods: readonly GracePeriod[], asOfMs: number): number | undefined {
  return nextChangeOf(policy, { gracePeriods, asOfMs });
}
