import {
  AS_OF,
  coreScene,
  GRACE_PERIODS_PATH,
  INVOICE,
  PAYMENT,
  POLICY,
  POLICY_PATH,
  POLICYHOLDER_PATH,
} from '../../test/support/core-scene.js';
import { type FakeAnswer, json } from '../../test/support/fake-core.js';
import { fixture } from '../../test/support/fixtures.js';
import type { StrayKind } from './claim-reads.js';
import { type EventLocators, readSnapshot } from './read-snapshot.js';
import type { SnapshotMember } from './snapshot.js';

const ITEM = 'f50d562d-7c8a-50d6-98bd-4dc115bf6496';
const PAYABLE = '9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e';
const PAYMENT_PATH = `/payments/${PAYMENT}`;
const PAYABLE_PATH = `/claims/payables/${PAYABLE}`;
const CLAIMS_PATH = `${POLICY_PATH}/claims`;
const CLAIMS = json([fixture('core/claim.json')]);

interface Row {
  readonly title: string;
  readonly locators: EventLocators;
  readonly needs: readonly SnapshotMember[];
  readonly changes?: Readonly<Record<string, FakeAnswer>>;
  /** What is remembered to belong to the policy. */
  readonly seenBefore?: readonly [StrayKind, string];
  readonly calls: readonly string[];
  readonly found: readonly SnapshotMember[];
  readonly notFound?: readonly SnapshotMember[];
}

const ROWS: readonly Row[] = [
  {
    title: 'a payment whose invoice was seen before',
    locators: { paymentLocator: PAYMENT },
    needs: ['payment', 'invoice', 'policy', 'policyholder', 'gracePeriods'],
    seenBefore: ['invoice', INVOICE],
    calls: [PAYMENT_PATH, POLICY_PATH, GRACE_PERIODS_PATH, POLICYHOLDER_PATH],
    found: ['payment', 'invoice', 'policy', 'policyholder', 'gracePeriods'],
  },
  {
    title: 'a claim item without its claim in the event',
    locators: { policyLocator: POLICY, subClaimLocator: ITEM },
    needs: ['claim', 'policy'],
    changes: { [CLAIMS_PATH]: CLAIMS },
    calls: [CLAIMS_PATH, POLICY_PATH],
    found: ['claim', 'policy'],
  },
  {
    title: 'a claim item that was seen before',
    locators: { subClaimLocator: ITEM },
    needs: ['claim', 'policy'],
    seenBefore: ['claim_item', ITEM],
    changes: { [CLAIMS_PATH]: CLAIMS },
    calls: [CLAIMS_PATH, POLICY_PATH],
    found: ['claim', 'policy'],
  },
  {
    title: 'a payable alone, whose claim item was seen before',
    locators: { payableLocator: PAYABLE },
    needs: ['claim', 'payable', 'policy'],
    seenBefore: ['claim_item', ITEM],
    changes: { [PAYABLE_PATH]: json(fixture('core/payable.json')), [CLAIMS_PATH]: CLAIMS },
    calls: [PAYABLE_PATH, CLAIMS_PATH, POLICY_PATH],
    found: ['claim', 'payable', 'policy'],
  },
  {
    title: 'a claim item that no claim of the policy has',
    locators: { policyLocator: POLICY, subClaimLocator: 'gone' },
    needs: ['claim', 'policy'],
    changes: { [CLAIMS_PATH]: CLAIMS },
    calls: [CLAIMS_PATH, POLICY_PATH],
    found: ['policy'],
    notFound: ['claim'],
  },
  {
    title: 'a claim item that was never seen',
    locators: { subClaimLocator: ITEM },
    needs: ['claim', 'policy'],
    calls: [],
    found: [],
  },
];

describe('an event that does not name its policy, or not its claim', () => {
  it.each(ROWS)('$title', async ({ locators, needs, changes, seenBefore, calls, found, notFound = [] }) => {
    const scene = coreScene(changes, (kind, locator) =>
      Promise.resolve(kind === seenBefore?.[0] && locator === seenBefore[1] ? POLICY : undefined),
    );
    const result = await readSnapshot(scene.reads, locators, needs, AS_OF);
    if (result.kind !== 'snapshot') throw new Error(result.kind);
    const { notFound: denied, asOfMs: _, ...members } = result.snapshot;
    expect([Object.keys(members).toSorted(), [...denied]]).toEqual([found.toSorted(), notFound]);
    expect(scene.calls).toEqual(calls);
  });

  it.each<[string, EventLocators, SnapshotMember, string, FakeAnswer, unknown]>([
    [
      'Core does not answer to the last way to the policy',
      { paymentLocator: PAYMENT },
      'payment',
      `/invoice/${INVOICE}`,
      json({}, 500),
      { kind: 'retry', code: 'core_status_500' },
    ],
    [
      'the account may not read claims',
      { policyLocator: POLICY, subClaimLocator: ITEM },
      'claim',
      CLAIMS_PATH,
      json({}, 403),
      { kind: 'forbidden', member: 'claim' },
    ],
  ])('cannot be read while %s', async (_, locators, need, path, answer, expected) => {
    const { reads } = coreScene({ [path]: answer });
    await expect(readSnapshot(reads, locators, [need, 'policy'], AS_OF)).resolves.toEqual(expected);
  });
});
