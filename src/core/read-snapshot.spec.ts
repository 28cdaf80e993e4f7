import {
  AS_OF,
  CLAIM,
  coreScene,
  GRACE_PERIOD,
  GRACE_PERIODS_PATH,
  INVOICE,
  INVOICES_PATH,
  NOT_FOUND,
  PAYMENT,
  POLICY,
  POLICY_PATH,
  POLICYHOLDER,
  POLICYHOLDER_PATH,
} from '../../test/support/core-scene.js';
import { type FakeAnswer, json, text } from '../../test/support/fake-core.js';
import { type EventLocators, readSnapshot, type SnapshotResult } from './read-snapshot.js';
import type { SnapshotMember } from './snapshot.js';

/** What came of it, by the members that are there. */
function outline(result: SnapshotResult) {
  if (result.kind !== 'snapshot') return result;
  const { notFound, asOfMs, ...members } = result.snapshot;
  expect(asOfMs).toBe(AS_OF);
  return { members: Object.keys(members).toSorted(), notFound: [...notFound].toSorted(), missing: result.missing };
}

const BASICS: readonly SnapshotMember[] = ['policy', 'policyholder', 'gracePeriods'];

interface Row {
  readonly title: string;
  readonly locators: EventLocators;
  readonly needs: readonly SnapshotMember[];
  readonly changes?: Readonly<Record<string, FakeAnswer>>;
  readonly calls: readonly string[];
  readonly expected: unknown;
}

const whole = (...members: SnapshotMember[]) => ({ members: members.toSorted(), notFound: [], missing: [] });

const ROWS: readonly Row[] = [
  {
    title: 'a policy with its policyholder and grace periods',
    locators: { policyLocator: POLICY },
    needs: BASICS,
    calls: [POLICY_PATH, GRACE_PERIODS_PATH, POLICYHOLDER_PATH],
    expected: whole(...BASICS),
  },
  {
    title: 'a policyholder alone, without any policy',
    locators: { policyholderLocator: POLICYHOLDER },
    needs: ['policyholder'],
    calls: [POLICYHOLDER_PATH],
    expected: whole('policyholder'),
  },
  {
    title: 'nothing',
    locators: {},
    needs: [],
    calls: [],
    expected: whole(),
  },
  {
    title: 'a payment, its invoice inside the policy',
    locators: { policyLocator: POLICY, paymentLocator: PAYMENT },
    needs: ['payment', 'invoice', 'policy', 'policyholder'],
    calls: [`/payments/${PAYMENT}`, POLICY_PATH, POLICYHOLDER_PATH],
    expected: whole('payment', 'invoice', 'policy', 'policyholder'),
  },
  {
    title: 'an invoice that only the policyholder’s list has',
    locators: { policyLocator: POLICY, invoiceLocator: '673ec76a-ec98-5223-9404-dc19273cc3bb' },
    needs: ['invoice', 'policy'],
    calls: [POLICY_PATH, INVOICES_PATH],
    expected: whole('invoice', 'policy'),
  },
  {
    title: 'an invoice that no list has',
    locators: { policyLocator: POLICY, invoiceLocator: 'gone' },
    needs: ['invoice', 'policy'],
    calls: [POLICY_PATH, INVOICES_PATH],
    expected: { members: ['policy'], notFound: ['invoice'], missing: ['invoice'] },
  },
  {
    title: 'an invoice to which nothing leads',
    locators: { invoiceLocator: INVOICE },
    needs: ['invoice', 'policy'],
    changes: { [`/invoice/${INVOICE}`]: NOT_FOUND },
    calls: [`/invoice/${INVOICE}`],
    expected: { members: [], notFound: [], missing: ['invoice', 'policy'] },
  },
  {
    title: 'a payment to which no policy leads',
    locators: { paymentLocator: PAYMENT },
    needs: ['payment', 'invoice', 'policy'],
    changes: { [`/invoice/${INVOICE}`]: NOT_FOUND },
    calls: [`/payments/${PAYMENT}`, `/invoice/${INVOICE}`],
    expected: { members: ['payment'], notFound: [], missing: ['invoice', 'policy'] },
  },
  {
    title: 'a reinstatement, whose policy only its cancellation names',
    locators: { reinstatementLocator: '100004330' },
    needs: ['reinstatement', ...BASICS],
    calls: [
      '/reinstatements/100004330',
      '/cancellations/100004320',
      POLICY_PATH,
      GRACE_PERIODS_PATH,
      POLICYHOLDER_PATH,
    ],
    expected: whole('reinstatement', 'cancellation', ...BASICS),
  },
  {
    title: 'a reinstatement that names another cancellation than the event: Core is trusted',
    locators: { policyLocator: '5', reinstatementLocator: '100004330', cancellationLocator: '6' },
    needs: ['reinstatement', 'policy'],
    calls: ['/reinstatements/100004330', '/cancellations/100004320', POLICY_PATH],
    expected: whole('reinstatement', 'cancellation', 'policy'),
  },
  {
    title: 'a grace period without the policy in the event',
    locators: { gracePeriodLocator: GRACE_PERIOD },
    needs: ['gracePeriod', 'policy', 'invoice'],
    calls: [`/gracePeriod/${GRACE_PERIOD}`, POLICY_PATH],
    expected: whole('gracePeriod', 'policy', 'invoice'),
  },
  {
    title: 'a claim that belongs to another policy than the event says: Core is trusted',
    locators: { policyLocator: '5', claimLocator: CLAIM },
    needs: ['claim', 'policy'],
    calls: [`/claim/${CLAIM}`, POLICY_PATH],
    expected: whole('claim', 'policy'),
  },
  {
    title: 'an invoice that belongs to another policy than the event says: Core is trusted',
    locators: { policyLocator: '5', invoiceLocator: INVOICE },
    needs: ['invoice', 'policy'],
    changes: {
      '/policy/5': json({ locator: '5', policyholderLocator: POLICYHOLDER, characteristics: [] }),
    },
    calls: ['/policy/5', INVOICES_PATH, POLICY_PATH],
    expected: whole('invoice', 'policy'),
  },
  {
    title: 'an invoice whose policy Core does not have: the policy of the event is not taken for it',
    locators: { policyLocator: '5', invoiceLocator: INVOICE },
    needs: ['invoice', 'policy'],
    changes: {
      '/policy/5': json({ locator: '5', policyholderLocator: POLICYHOLDER, characteristics: [] }),
      [POLICY_PATH]: NOT_FOUND,
    },
    calls: ['/policy/5', INVOICES_PATH, POLICY_PATH],
    expected: { members: ['invoice'], notFound: ['policy'], missing: ['policy'] },
  },
  {
    title: 'an invoice whose policy Core has, but not the one of the event',
    locators: { policyLocator: '5', policyholderLocator: POLICYHOLDER, invoiceLocator: INVOICE },
    needs: ['invoice', 'policy'],
    changes: { '/policy/5': NOT_FOUND },
    calls: ['/policy/5', INVOICES_PATH, POLICY_PATH],
    expected: whole('invoice', 'policy'),
  },
  {
    title: 'a policy that Core does not have: the claim is still there',
    locators: { policyLocator: POLICY, claimLocator: CLAIM },
    needs: ['claim', ...BASICS],
    changes: { [POLICY_PATH]: NOT_FOUND },
    calls: [`/claim/${CLAIM}`, POLICY_PATH],
    expected: { members: ['claim'], notFound: ['policy'], missing: BASICS },
  },
  {
    title: 'a policy that Core does not have: the policyholder is found by the endorsement',
    locators: { policyLocator: POLICY, endorsementLocator: '100004260' },
    needs: ['endorsement', 'policy', 'policyholder'],
    changes: { [POLICY_PATH]: NOT_FOUND },
    calls: ['/endorsements/100004260', POLICY_PATH, POLICYHOLDER_PATH],
    expected: { members: ['endorsement', 'policyholder'], notFound: ['policy'], missing: ['policy'] },
  },
  {
    title: 'a quote that was discarded: the policy is still there',
    locators: { policyLocator: POLICY, quoteLocator: '100004214' },
    needs: ['quote', 'policy'],
    changes: { '/quotes/100004214': NOT_FOUND },
    calls: ['/quotes/100004214', POLICY_PATH],
    expected: { members: ['policy'], notFound: ['quote'], missing: ['quote'] },
  },
  {
    title: 'a policy without a list of grace periods has none',
    locators: { policyLocator: POLICY },
    needs: ['policy', 'gracePeriods'],
    changes: { [GRACE_PERIODS_PATH]: NOT_FOUND },
    calls: [POLICY_PATH, GRACE_PERIODS_PATH],
    expected: whole('policy', 'gracePeriods'),
  },
  {
    title: 'a policyholder without invoices',
    locators: { policyLocator: POLICY, invoiceLocator: 'gone' },
    needs: ['invoice'],
    changes: { [INVOICES_PATH]: NOT_FOUND },
    calls: [POLICY_PATH, INVOICES_PATH],
    expected: { members: ['policy'], notFound: ['invoice'], missing: ['invoice'] },
  },
  {
    title: 'try again: nothing more is asked',
    locators: { policyLocator: POLICY, claimLocator: CLAIM },
    needs: ['claim', ...BASICS],
    changes: { [`/claim/${CLAIM}`]: json({}, 503, { 'retry-after': '3' }) },
    calls: [`/claim/${CLAIM}`],
    expected: { kind: 'unavailable', code: 'core_status_503', retryAfterMs: 3000 },
  },
  {
    title: 'the token is refused',
    locators: { policyLocator: POLICY },
    needs: BASICS,
    changes: { [POLICY_PATH]: json({}, 401) },
    calls: [POLICY_PATH],
    expected: { kind: 'unauthorized' },
  },
  {
    title: 'the account may not read the claim',
    locators: { policyLocator: POLICY, claimLocator: CLAIM },
    needs: ['claim', ...BASICS],
    changes: { [`/claim/${CLAIM}`]: json({}, 403) },
    calls: [`/claim/${CLAIM}`],
    expected: { kind: 'forbidden', member: 'claim' },
  },
  {
    title: 'the account may not read grace periods: the rest is still there',
    locators: { policyLocator: POLICY },
    needs: BASICS,
    changes: { [GRACE_PERIODS_PATH]: json({}, 403) },
    calls: [POLICY_PATH, GRACE_PERIODS_PATH, POLICYHOLDER_PATH],
    expected: { members: ['policy', 'policyholder'], notFound: [], missing: ['gracePeriods'] },
  },
  {
    title: 'a policy of another shape',
    locators: { policyLocator: POLICY },
    needs: ['policy'],
    changes: { [POLICY_PATH]: text('{"locator":"100004200"}') },
    calls: [POLICY_PATH],
    expected: { kind: 'malformed', member: 'policy', problem: 'policy: characteristics is missing.' },
  },
];

describe('one event', () => {
  it.each(ROWS)('$title', async ({ locators, needs, changes, calls, expected }) => {
    const { reads, calls: made } = coreScene(changes);
    expect(outline(await readSnapshot(reads, locators, needs, AS_OF))).toEqual(expected);
    expect(made).toEqual(calls);
  });

  it('finds the invoice of the payment', async () => {
    const { reads } = coreScene();
    const result = await readSnapshot(
      reads,
      { policyLocator: POLICY, paymentLocator: PAYMENT },
      ['payment', 'invoice'],
      AS_OF,
    );
    expect(result.kind === 'snapshot' && result.snapshot.invoice?.locator).toBe(INVOICE);
  });

  it('holds the policy that the invoice names', async () => {
    const { reads } = coreScene({
      '/policy/5': json({ locator: '5', policyholderLocator: POLICYHOLDER, characteristics: [] }),
    });
    const result = await readSnapshot(reads, { policyLocator: '5', invoiceLocator: INVOICE }, ['invoice'], AS_OF);
    expect(result.kind === 'snapshot' && result.snapshot.policy?.locator).toBe(POLICY);
  });
});

it('ten events on one policy read everything once', async () => {
  const { reads, calls } = coreScene();
  const needs: readonly SnapshotMember[] = [...BASICS, 'invoice'];
  const results = await Promise.all(
    Array.from({ length: 10 }, () =>
      readSnapshot(reads, { policyLocator: POLICY, invoiceLocator: 'gone' }, needs, AS_OF),
    ),
  );
  expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['snapshot']));
  expect(calls.toSorted()).toEqual([POLICY_PATH, GRACE_PERIODS_PATH, POLICYHOLDER_PATH, INVOICES_PATH].toSorted());
});
