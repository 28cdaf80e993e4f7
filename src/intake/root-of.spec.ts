import { rootOf } from './root-of.js';

it.each([
  ['the policy before all', { policyholderLocator: 'h', policyLocator: 'p', invoiceLocator: 'i' }, 'policy:p'],
  ['the policyholder alone', { policyholderLocator: 'h' }, 'policyholder:h'],
  ['an entity of some policy before the policyholder', { quoteLocator: 'q', policyholderLocator: 'h' }, 'quote:q'],
  ['some entity without either', { paymentLocator: 'x' }, 'payment:x'],
  ['the first by name of several', { paymentLocator: 'x', invoiceLocator: 'i' }, 'invoice:i'],
  ['the same whatever their order', { invoiceLocator: 'i', paymentLocator: 'x' }, 'invoice:i'],
  ['the event itself without any', {}, 'event:e1'],
])('%s', (_what, locators, root) => {
  expect(rootOf({ id: 'e1', locators })).toBe(root);
});
