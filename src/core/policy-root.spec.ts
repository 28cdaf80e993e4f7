import {
  CLAIM,
  coreScene,
  INVOICE,
  INVOICES_PATH,
  NOT_FOUND,
  PAYMENT,
  POLICY,
  POLICYHOLDER,
} from '../../test/support/core-scene.js';
import { type FakeAnswer, json, text } from '../../test/support/fake-core.js';
import { fixture } from '../../test/support/fixtures.js';
import type { PolicySeenBefore } from './claim-reads.js';
import { rootOfPolicyFor } from './policy-root.js';
import type { EventLocators } from './read-snapshot.js';

const FOUND = { kind: 'resolved', policyLocator: POLICY };
const UNRESOLVABLE = { kind: 'unresolvable' };
const ITEM = 'f50d562d-7c8a-50d6-98bd-4dc115bf6496';
const PAYABLE = '9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e';
const PAYMENT_PATH = `/payments/${PAYMENT}`;
const INVOICE_PATH = `/invoice/${INVOICE}`;
const PAYABLE_PATH = `/claims/payables/${PAYABLE}`;

/** Remembers the one thing that was seen under the policy. */
function seen(kind: string, locator: string): PolicySeenBefore {
  return (askedKind, askedLocator) =>
    Promise.resolve(askedKind === kind && askedLocator === locator ? POLICY : undefined);
}

/** Safe: the fixture lists the policyholder's invoices, which are objects. */
function invoiceJson(parts: Readonly<Record<string, unknown>> = {}): FakeAnswer {
  const [first] = fixture('core/policyholder-invoices.json') as readonly Readonly<Record<string, unknown>>[];
  return json({ ...first, locator: INVOICE, policyLocator: POLICY, ...parts });
}

describe('the policy an event belongs to', () => {
  const rows: readonly (readonly [string, EventLocators, readonly string[], unknown])[] = [
    ['stands in the event', { policyLocator: POLICY, claimLocator: CLAIM }, [], FOUND],
    ['is named by the claim', { claimLocator: CLAIM, subClaimLocator: 's' }, [`/claim/${CLAIM}`], FOUND],
    ['is named by the quote', { quoteLocator: '100004210' }, ['/quotes/100004210'], FOUND],
    ['is named by the cancellation', { cancellationLocator: '100004320' }, ['/cancellations/100004320'], FOUND],
    [
      'is named by the reinstatement’s cancellation',
      { reinstatementLocator: '100004330' },
      ['/reinstatements/100004330', '/cancellations/100004320'],
      FOUND,
    ],
    [
      'is named by the premium report',
      { premiumReportLocator: '100005140' },
      ['/premiumReports/100005140'],
      { kind: 'resolved', policyLocator: '100005100' },
    ],
    [
      'is named by the invoice in its policyholder’s list',
      { policyholderLocator: POLICYHOLDER, invoiceLocator: INVOICE },
      [INVOICES_PATH],
      FOUND,
    ],
    ['is not there for a policyholder', { policyholderLocator: POLICYHOLDER }, [], UNRESOLVABLE],
    ['is not there for nothing', {}, [], UNRESOLVABLE],
  ];

  it.each(rows)('%s', async (_, locators, calls, expected) => {
    const { reads, calls: made } = coreScene();
    await expect(rootOfPolicyFor(reads, locators)).resolves.toEqual(expected);
    expect(made).toEqual(calls);
  });

  it('cannot be told while Core does not answer, or does not know', async () => {
    const failing = coreScene({ [`/claim/${CLAIM}`]: json({}, 500) });
    await expect(rootOfPolicyFor(failing.reads, { claimLocator: CLAIM })).resolves.toEqual({
      kind: 'retry',
      code: 'core_status_500',
    });
    const forgotten = coreScene({ [`/claim/${CLAIM}`]: NOT_FOUND });
    await expect(rootOfPolicyFor(forgotten.reads, { claimLocator: CLAIM })).resolves.toEqual(UNRESOLVABLE);
  });
});

describe('the policy of an event that neither names it nor an entity that does', () => {
  const PAID = { paymentLocator: PAYMENT };
  const BILLED = { invoiceLocator: INVOICE };
  const bill = seen('invoice', INVOICE);
  const item = seen('claim_item', ITEM);

  const seenBefore: readonly (readonly [string, EventLocators, PolicySeenBefore, readonly string[]])[] = [
    ['payment → invoice', PAID, bill, [PAYMENT_PATH]],
    ['payment, invoice', { ...PAID, ...BILLED }, bill, [PAYMENT_PATH]],
    ['invoice', BILLED, bill, []],
    ['claim item', { subClaimLocator: ITEM }, item, []],
    ['payable → claim item', { payableLocator: PAYABLE }, item, [PAYABLE_PATH]],
    ['payable, claim item', { payableLocator: PAYABLE, subClaimLocator: ITEM }, item, [PAYABLE_PATH]],
  ];

  it.each(seenBefore)('is the one under which it was seen before: %s', async (_, locators, before, calls) => {
    const scene = coreScene({ [PAYABLE_PATH]: json(fixture('core/payable.json')) }, before);
    await expect(rootOfPolicyFor(scene.reads, locators)).resolves.toEqual(FOUND);
    expect(scene.calls).toEqual(calls);
  });

  it('is the one under which it was seen before, also where the policyholder’s list is forbidden', async () => {
    const { reads } = coreScene({ [INVOICES_PATH]: json({}, 403) }, bill);
    const locators = { ...BILLED, policyholderLocator: POLICYHOLDER };
    await expect(rootOfPolicyFor(reads, locators)).resolves.toEqual(FOUND);
  });

  it('is the one of the payment’s own invoice, whatever the event says', async () => {
    const { reads } = coreScene({}, bill);
    await expect(rootOfPolicyFor(reads, { ...PAID, invoiceLocator: 'other' })).resolves.toEqual(FOUND);
  });

  it('is the one of the event’s invoice where Core does not have the payment', async () => {
    const { reads } = coreScene({ [PAYMENT_PATH]: NOT_FOUND }, bill);
    await expect(rootOfPolicyFor(reads, { ...PAID, ...BILLED })).resolves.toEqual(FOUND);
  });

  const lastResort: readonly (readonly [string, FakeAnswer, unknown])[] = [
    ['an invoice', invoiceJson(), FOUND],
    ['an invoice without a policy', invoiceJson({ policyLocator: undefined }), UNRESOLVABLE],
    ['another invoice', invoiceJson({ locator: 'other' }), UNRESOLVABLE],
    ['404', NOT_FOUND, UNRESOLVABLE],
    ['403', json({}, 403), UNRESOLVABLE],
    ['a page', text('<html></html>'), UNRESOLVABLE],
    ['another shape', json({ locator: INVOICE, policyLocator: POLICY }), UNRESOLVABLE],
    ['500', json({}, 500), { kind: 'retry', code: 'core_status_500' }],
    ['429', json({}, 429), { kind: 'unavailable', code: 'core_status_429' }],
    ['401', json({}, 401), { kind: 'unauthorized' }],
  ];

  it.each(lastResort)('is at last asked for by the invoice’s plain path: %s', async (_, answer, expected) => {
    const { reads, calls } = coreScene({ [INVOICE_PATH]: answer }, seen('claim_item', INVOICE));
    await expect(rootOfPolicyFor(reads, PAID)).resolves.toEqual(expected);
    expect(calls).toEqual([PAYMENT_PATH, INVOICE_PATH]);
  });

  it.each<[string, EventLocators]>([
    ['a claim item that was never seen', { subClaimLocator: 'unknown' }],
    ['a payable whose item was never seen', { payableLocator: PAYABLE }],
    ['a payable that Core does not have', { payableLocator: 'gone' }],
    ['a payment that Core does not have', { paymentLocator: 'gone' }],
  ])('cannot be told for %s', async (_, locators) => {
    const { reads } = coreScene(
      {
        [PAYABLE_PATH]: json(fixture('core/payable.json')),
        '/claims/payables/gone': NOT_FOUND,
        '/payments/gone': NOT_FOUND,
      },
      bill,
    );
    await expect(rootOfPolicyFor(reads, locators)).resolves.toEqual(UNRESOLVABLE);
  });

  it('is asked for once, however many events of a claim want it', async () => {
    let asked = 0;
    const counting: PolicySeenBefore = () => {
      asked += 1;
      return Promise.resolve(undefined);
    };
    const { reads, calls } = coreScene({ [INVOICE_PATH]: NOT_FOUND }, counting);
    await Promise.all([1, 2, 3].map(() => rootOfPolicyFor(reads, BILLED)));
    expect([asked, calls]).toEqual([1, [INVOICE_PATH]]);
  });
});
