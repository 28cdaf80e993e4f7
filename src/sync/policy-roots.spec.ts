import { inputOf, invoiceOf, policyOf } from '../../test/support/translation-input.js';
import type { Claim } from '../core/entities.js';
import type { Snapshot } from '../core/snapshot.js';
import { placesIn, policyOfRoot, rootOfPolicy } from './policy-roots.js';

const claim: Claim = {
  locator: 'c',
  status: 'open',
  fieldValues: {},
  fieldGroups: {},
  subClaims: [{ locator: 'item', fieldValues: {} }],
};
const policy = policyOf({
  invoices: [invoiceOf({ locator: 'a' }), invoiceOf({ locator: 'b', transactionIssued: false })],
});
const at = (key: string) => ({ key, root: 'policy:100' });

describe('what a snapshot shows to belong to its policy', () => {
  it.each<[string, Partial<Snapshot>, readonly unknown[]]>([
    ['its invoices, also those that nobody owes yet', { policy }, [at('p-inv-a'), at('p-inv-b')]],
    [
      'the invoice of the event that the policy does not list',
      { policy: policyOf(), invoice: invoiceOf({ locator: 'x', policyLocator: '100' }) },
      [at('p-inv-x')],
    ],
    ['no invoice that names no policy', { policy: policyOf(), invoice: invoiceOf() }, []],
    ['no invoice of another policy', { policy: policyOf(), invoice: invoiceOf({ policyLocator: '7' }) }, []],
    ['the items of its claim', { policy: policyOf(), claim }, [at('p-sub-item')]],
    ['nothing without a policy', { claim, invoice: invoiceOf({ policyLocator: '100' }) }, []],
  ])('%s', (_, snapshot, places) => {
    expect(placesIn(inputOf({ snapshot }).snapshot, 'production')).toEqual(places);
  });
});

it('the root of a policy names it, and no other root does', () => {
  expect(['100', '7'].map((locator) => policyOfRoot(rootOfPolicy(locator)))).toEqual(['100', '7']);
  expect(['policyholder:1', 'invoice:1', 'event:policy:1'].map(policyOfRoot)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
