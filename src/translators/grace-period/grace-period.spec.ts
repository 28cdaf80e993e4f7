import { inputOf, invoiceOf, NOON_1_SEP_2024_MS, policyOf } from '../../../test/support/translation-input.js';
import { policyGracePeriodSatisfied } from './policy.gracePeriod.satisfied.js';

it.each([
  ['its own', 'CAD', 'CAD'],
  ['that of its policy', undefined, 'USD'],
])('the bill of a grace period is in %s currency', (_what, currency, shown) => {
  const bill = invoiceOf({ displayId: '7', ...(currency !== undefined && { currency }) });
  const gracePeriod = { locator: 'g', invoiceLocator: bill.locator, settledMs: NOON_1_SEP_2024_MS };
  const input = inputOf({ snapshot: { policy: policyOf({ currency: 'USD', invoices: [bill] }), gracePeriod } });
  const event = { ...input.event, type: 'policy.gracePeriod.satisfied' } as const;
  const translation = policyGracePeriodSatisfied.translate({ ...input, event });
  const subject = `Grace period for invoice 7 of 97.15 ${shown} satisfied, paid 1 Sep 2024`;
  expect(translation.outcome === 'records' && translation.records.at(-1)).toMatchObject({ fields: { subject } });
});
