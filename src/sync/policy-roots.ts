import type { RecordPlace } from '../queue/queue.js';
import type { Snapshot } from '../core/snapshot.js';
import { type Environment, recordKey } from '../records/record-key.js';

const PREFIX = 'policy:';

/** The root of all events of a policy. */
export function rootOfPolicy(policyLocator: string): string {
  return `${PREFIX}${policyLocator}`;
}

/** The locator of the policy whose root this is; undefined when it is another root. */
export function policyOfRoot(root: string): string | undefined {
  return root.startsWith(PREFIX) ? root.slice(PREFIX.length) : undefined;
}

/**
 * What a snapshot shows to belong to its policy although it does not name it, or cannot be read alone: a later event
 * that names only this is led to the policy. Taken from what was read, not from what was sent, because a profile without
 * bills has payments all the same.
 */
export function placesIn({ policy, invoice, claim }: Snapshot, environment: Environment): readonly RecordPlace[] {
  if (policy === undefined) return [];
  const root = rootOfPolicy(policy.locator);
  const own = invoice?.policyLocator === policy.locator ? [invoice] : [];
  return [
    ...[...policy.invoices, ...own].map(({ locator }) => recordKey(environment, 'invoice', locator)),
    ...(claim?.subClaims ?? []).map(({ locator }) => recordKey(environment, 'claim_item', locator)),
  ].map((key) => ({ key, root }));
}
