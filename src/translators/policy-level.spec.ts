import {
  inputOf,
  invoiceOf,
  NOON_1_SEP_2024_MS,
  paymentOf,
  policyholderOf,
  policyOf,
} from '../../test/support/translation-input.js';
import { policyLevel } from './policy-level.js';

const billed = invoiceOf({ payments: [paymentOf()] });
const planned = invoiceOf({ locator: 'invoice-2', transactionIssued: false });
const policy = policyOf({ invoices: [billed, planned] });
const keysOf = (level: ReturnType<typeof policyLevel>) => level.map(({ key }) => key);

it('is computed once for the events of one reading, also where one is about a bill that the policy shows', () => {
  const level = policyLevel(inputOf({ snapshot: { policy } }));
  expect(policyLevel(inputOf({ snapshot: { policy } }))).toBe(level);
  expect(policyLevel(inputOf({ snapshot: { policy, invoice: billed } }))).toBe(level);
  expect(keysOf(level)).toEqual(['p-pol-100', 'p-inv-invoice-1', 'p-pay-payment-1']);
});

it.each([
  ['a bill that the policy does not count yet', { invoice: planned }],
  ['another reading of a bill', { invoice: { ...billed, settlementStatus: 'settled' } as const }],
  ['another time', { asOfMs: NOON_1_SEP_2024_MS }],
  ['grace periods', { gracePeriods: [] }],
  ['a policyholder', { policyholder: policyholderOf({}) }],
])('is another one with %s', (_what, snapshot) => {
  const level = policyLevel(inputOf({ snapshot: { policy } }));
  const other = policyLevel(inputOf({ snapshot: { policy, ...snapshot } }));
  expect(other).not.toBe(level);
  const newPolicy = { ...policy };
  expect(other).toEqual(policyLevel(inputOf({ snapshot: { policy: newPolicy, ...snapshot } })));
});

it.each([
  ['own fields of the tenant', { mapped: { 'custom-1': ['12'] } }],
  ['another time zone', { timeZone: 'Europe/Berlin' }],
  ['another environment', { environment: 'sandbox' }],
] as const)('is another one with %s', (_what, parts) => {
  const level = policyLevel(inputOf({ snapshot: { policy } }));
  expect(policyLevel({ ...inputOf({ snapshot: { policy } }), ...parts })).not.toBe(level);
});

it('shows the bill that an event is about as that event found it', () => {
  const settled = invoiceOf({ settlementStatus: 'settled', settlementType: 'paid' });
  const statusesWith = (invoice: typeof settled) =>
    policyLevel(inputOf({ snapshot: { policy, invoice } })).flatMap((record) =>
      record.kind === 'invoice' ? [[record.key, record.fields.status]] : [],
    );
  expect(statusesWith(settled)).toEqual([['p-inv-invoice-1', 'paid']]);
  expect(statusesWith(planned)).toEqual([
    ['p-inv-invoice-1', 'open'],
    ['p-inv-invoice-2', 'open'],
  ]);
});
