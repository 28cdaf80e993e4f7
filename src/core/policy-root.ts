import type { ClaimReads } from './claim-reads.js';
import type { EntityName } from './entities.js';
import { type EventLocators, type SnapshotFailure, SnapshotReader } from './read-snapshot.js';

/** `unresolvable`: Core names no policy, and nothing that the event names was seen before under one. */
export type PolicyRootResult =
  { readonly kind: 'resolved'; readonly policyLocator: string } | { readonly kind: 'unresolvable' } | SnapshotFailure;

/** Those whose answer names what may have been seen before: a payment its invoice, a payable its claim item. */
const WAYS_TO_STRAYS = ['payment', 'payable'] as const satisfies readonly EntityName[];

/** Those whose answer names their policy, and the reinstatement, which leads to one. */
const WAYS_TO_POLICY = [
  'claim',
  'endorsement',
  'renewal',
  'reinstatement',
  'gracePeriod',
  'premiumReport',
  'quote',
] as const satisfies readonly EntityName[];

/**
 * The policy that an event belongs to, so that all events of one policy share one root. Core is asked only when the
 * event does not say it.
 */
export async function rootOfPolicyFor(reads: ClaimReads, locators: EventLocators): Promise<PolicyRootResult> {
  if (locators.policyLocator !== undefined) return { kind: 'resolved', policyLocator: locators.policyLocator };
  const reader = new SnapshotReader(reads, locators);
  await reader.ownEntities(WAYS_TO_POLICY);
  await reader.cancellation();
  if (reader.policyLocator() === undefined) {
    await reader.ownEntities(WAYS_TO_STRAYS);
    await reader.strayPolicy();
  }
  if (reader.failure !== undefined) return reader.failure;
  const policyLocator = reader.policyLocator();
  return policyLocator === undefined ? { kind: 'unresolvable' } : { kind: 'resolved', policyLocator };
}
