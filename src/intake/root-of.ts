import type { Envelope } from './envelope.js';

/**
 * The record root an event belongs to: its policy, or its policyholder where there is no policy. An event that names
 * only some other entity gets a root of that entity until Core tells the policy.
 */
export function rootOf(envelope: Pick<Envelope, 'id' | 'locators'>): string {
  const { policyLocator, policyholderLocator, ...others } = envelope.locators;
  if (policyLocator !== undefined) return `policy:${policyLocator}`;
  const [first] = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  // A quote with its policyholder, say, belongs to a policy all the same.
  if (first) return `${first[0].slice(0, -'Locator'.length)}:${first[1]}`;
  return policyholderLocator === undefined ? `event:${envelope.id}` : `policyholder:${policyholderLocator}`;
}
