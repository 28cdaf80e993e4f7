import { textOf, type JsonObject, type JsonValue } from '../http/json.ts';
import type { CoreWorld } from '../story/core-at.ts';

type Answer = (world: CoreWorld, locator: string) => JsonValue | undefined;

const by = (name: string, value: string) => (entity: JsonObject) => textOf(entity[name]) === value;

/** One entity by its locator. */
const one =
  (collection: keyof CoreWorld): Answer =>
  (world, locator) =>
    world[collection].find(by('locator', locator));

/** The entities of a parent; a parent that Core does not know is not found. */
const listed =
  (collection: keyof CoreWorld, parents: 'policies' | 'policyholders'): Answer =>
  (world, locator) => {
    if (!world[parents].some(by('locator', locator))) return undefined;
    const ofParent = by(parents === 'policies' ? 'policyLocator' : 'policyholderLocator', locator);
    return world[collection].filter(ofParent);
  };

/** The read endpoints; `:l` stands for the locator. There is none for a single invoice: Core confirms no such endpoint. */
const READS: Readonly<Record<string, Answer>> = {
  '/policy/:l': one('policies'),
  '/policy/:l/gracePeriods': listed('gracePeriods', 'policies'),
  '/policy/:l/claims': listed('claims', 'policies'),
  '/policies/:l/quotes': listed('quotes', 'policies'),
  '/policies/:l/endorsements': listed('endorsements', 'policies'),
  '/policies/:l/renewals': listed('renewals', 'policies'),
  '/policies/:l/cancellations': listed('cancellations', 'policies'),
  '/policies/:l/premiumReports': listed('premiumReports', 'policies'),
  '/policyholder/:l': one('policyholders'),
  '/policyholder/:l/policies': listed('policies', 'policyholders'),
  '/policyholder/:l/invoices': invoicesOfPolicyholder,
  '/quotes/:l': one('quotes'),
  '/payments/:l': one('payments'),
  '/endorsements/:l': one('endorsements'),
  '/renewals/:l': one('renewals'),
  '/cancellations/:l': one('cancellations'),
  '/reinstatements/:l': one('reinstatements'),
  '/gracePeriod/:l': one('gracePeriods'),
  '/claim/:l': one('claims'),
  '/claims/payables/:l': one('payables'),
  '/premiumReports/:l': one('premiumReports'),
};

/** What Core answers to a read of the path; `undefined` is a 404. */
export function readFromCore(world: CoreWorld, path: string): JsonValue | undefined {
  for (const [route, answer] of Object.entries(READS)) {
    const [before = '', after = ''] = route.split(':l');
    if (!path.startsWith(before) || !path.endsWith(after)) continue;
    const locator = path.slice(before.length, path.length - after.length);
    if (/^[A-Za-z0-9-]+$/.test(locator)) return answer(world, locator);
  }
  return undefined;
}

/** An invoice names its policy only, so the way to the policyholder leads over the policy. */
function invoicesOfPolicyholder(world: CoreWorld, locator: string): JsonValue | undefined {
  if (!world.policyholders.some(by('locator', locator))) return undefined;
  const policies = world.policies.filter(by('policyholderLocator', locator)).map((policy) => textOf(policy.locator));
  return world.invoices.filter((invoice) => policies.includes(textOf(invoice.policyLocator)));
}
