import type { Envelope } from './envelope.js';

/**
 * The record root an event belongs to: its policy, or its policyholder where there is no policy. An event that names
 * only some other entity gets a root of that entity until Core tells the policy.
 */
export function rootOf(envelope: Pick<Envelope, 'id' | 'locators'>): string {
  const { policyLocator, policyholderLocator, ...others } = envelope.locators;
  if (policyLocator !== undefined) return `policy:${policyLocator}`;
  if (policyholderLocator !== undefined) return `policyholder:${policyholderLocator}`;
  const [first] = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  return first ? `${first[0].slice(0, -'Locator'.length)}:${first[1]}` : `event:${envelope.id}`;
}
