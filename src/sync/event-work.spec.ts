import {
  AS_OF,
  CLAIM,
  coreScene,
  INVOICE,
  NOT_FOUND,
  PAYMENT,
  POLICY,
  POLICY_PATH,
} from '../../test/support/core-scene.js';
import { type FakeAnswer, json } from '../../test/support/fake-core.js';
import { fixture } from '../../test/support/fixtures.js';
import { restConnector } from '../connectors/rest/rest.connector.js';
import type { PolicySeenBefore } from '../core/claim-reads.js';
import type { EventLocators } from '../core/read-snapshot.js';
import type { EventName } from '../events/socotra-events.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { type EventWork, translateEvent } from './event-work.js';

const ITEM = 'f50d562d-7c8a-50d6-98bd-4dc115bf6496';
const PAYABLE = '9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e';
const INVOICE_PATH = `/invoice/${INVOICE}`;
const CLAIMS_PATH = `${POLICY_PATH}/claims`;
const PAYABLE_PATH = `/claims/payables/${PAYABLE}`;
const EARLY = 1;
const LATE = 2;

const settings: TenantSettings = {
  connector: restConnector,
  connection: 'c',
  profile: 'all',
  environment: 'production',
  values: {},
  customTargets: [],
  startCheck: 'strict',
  backfill: 'none',
};
const state: TenantState = {
  tenant: 't',
  fingerprint: 'f',
  settings: { ok: true, settings },
  mappings: [],
  timeZone: 'America/Los_Angeles',
};

interface Asked {
  readonly root?: string;
  readonly tries?: number;
  readonly occurredAtMs?: number;
  readonly answers?: Readonly<Record<string, FakeAnswer>>;
  readonly seenBefore?: PolicySeenBefore;
}

/** The work of one event, as soon as Core is in the state of {@link coreScene}. */
function workOf(
  type: EventName,
  locators: EventLocators,
  { root = 'event:e', tries = 0, occurredAtMs = AS_OF - 5_000, answers, seenBefore }: Asked = {},
): Promise<EventWork> {
  const { reads } = coreScene(answers, seenBefore);
  const payload = JSON.stringify({ id: 'e', type, occurredAtMs, locators });
  const event = { sequence: 1, id: 'e', type, occurredAtMs, receivedAtMs: AS_OF, payload, tries, retryAtMs: 0 };
  return translateEvent(event, root, { reads, state, settings, nowMs: AS_OF });
}

function keysIn(work: EventWork): readonly string[] {
  return work.kind === 'records' ? work.records.map(({ key }) => key) : [`${work.kind}`];
}

describe('an event to whose policy nothing leads', () => {
  const WITHOUT_PLAIN_PATH = { answers: { [INVOICE_PATH]: NOT_FOUND } };

  it.each<[string, EventName, EventLocators]>([
    ['a payment', 'payment.pay', { paymentLocator: PAYMENT }],
    ['a payment and its invoice', 'payment.reverse', { paymentLocator: PAYMENT, invoiceLocator: INVOICE }],
    ['an invoice', 'invoice.issue', { invoiceLocator: INVOICE }],
    ['an invoice that may be gone', 'invoice.invalidate', { invoiceLocator: INVOICE }],
    ['a claim item', 'subClaim.open', { subClaimLocator: ITEM }],
    ['something else than its policyholder', 'policyholder.update', { claimLocator: CLAIM }],
  ])('waits for it, then is kept where it can be seen: %s', async (_, type, locators) => {
    const early = await workOf(type, locators, { ...WITHOUT_PLAIN_PATH, tries: EARLY });
    expect(early).toMatchObject({ kind: 'retry', code: 'policy_unknown_yet' });
    const late = await workOf(type, locators, { ...WITHOUT_PLAIN_PATH, tries: LATE });
    expect(late).toMatchObject({ kind: 'dead', code: 'policy_unresolvable' });
  });

  it('is skipped when it names nothing at all', async () => {
    expect(await workOf('payment.pay', {})).toMatchObject({ kind: 'skip', code: 'no_locator' });
    expect(await workOf('login.success', {})).toMatchObject({ kind: 'skip', code: 'login_not_synced' });
  });

  it('fails as Core does when the last way is asked for', async () => {
    const work = await workOf(
      'invoice.issue',
      { invoiceLocator: INVOICE },
      { answers: { [INVOICE_PATH]: json({}, 502) } },
    );
    expect(work).toMatchObject({ kind: 'retry', code: 'core_status_502' });
  });
});

describe('an event that was moved to the root of its policy', () => {
  const root = `policy:${POLICY}`;
  const claims = { [CLAIMS_PATH]: json([fixture('core/claim.json')]) };

  it.each<[string, EventName, EventLocators, string, Readonly<Record<string, FakeAnswer>>]>([
    ['a payment', 'payment.reverse', { paymentLocator: PAYMENT }, `p-pay-${PAYMENT}`, {}],
    ['an invoice', 'invoice.pastDue', { invoiceLocator: INVOICE }, `p-inv-${INVOICE}`, {}],
    ['a claim item', 'subClaim.open', { subClaimLocator: ITEM }, `p-sub-${ITEM}`, claims],
    [
      'a payable',
      'subClaim.createPayable',
      { payableLocator: PAYABLE },
      `p-sub-${ITEM}`,
      { ...claims, [PAYABLE_PATH]: json(fixture('core/payable.json')) },
    ],
  ])('finds all of it: %s', async (_, type, locators, about, answers) => {
    const work = await workOf(type, locators, { root, answers });
    expect(work).toMatchObject({ kind: 'records', about });
    expect(keysIn(work)).toEqual(expect.arrayContaining([`p-pol-${POLICY}`, `p-inv-${INVOICE}`, about]));
  });

  it('leaves the same records as the event that names its policy', async () => {
    const locators = { paymentLocator: PAYMENT };
    const moved = await workOf('payment.reverse', locators, { root });
    const named = await workOf('payment.reverse', { ...locators, policyLocator: POLICY }, { root });
    const stateOf = (work: EventWork) =>
      work.kind === 'records' ? work.records.filter(({ kind }) => kind !== 'activity') : [];
    expect(stateOf(moved)).toEqual(stateOf(named));
  });

  it('believes the event and its entities before the root', async () => {
    const other = { root: 'policy:5' };
    expect(keysIn(await workOf('claim.update', { claimLocator: CLAIM }, other))).toContain(`p-pol-${POLICY}`);
    expect(keysIn(await workOf('policy.update', { policyLocator: POLICY }, other))).toContain(`p-pol-${POLICY}`);
  });
});

it('says where invoices and claim items were seen to belong', async () => {
  const work = await workOf('claim.update', { claimLocator: CLAIM, policyLocator: POLICY });
  const places = work.kind === 'records' ? work.places : [];
  expect(new Set(places.map(({ root }) => root))).toEqual(new Set([`policy:${POLICY}`]));
  expect(places.map(({ key }) => key)).toEqual(expect.arrayContaining([`p-inv-${INVOICE}`, `p-sub-${ITEM}`]));
});

describe('an event whose modification Core does not show yet', () => {
  // Nothing of the reinstated policy was issued within minutes of this.
  const occurredAtMs = AS_OF;
  const policyLocator = POLICY;

  it('waits for it, then goes on without it', async () => {
    const early = await workOf('policy.endorse', { policyLocator }, { occurredAtMs, tries: EARLY });
    expect(early).toMatchObject({ kind: 'retry', code: 'modification_not_visible_yet' });
    const late = await workOf('policy.endorse', { policyLocator }, { occurredAtMs, tries: LATE });
    expect(late).toMatchObject({ kind: 'records', about: `p-pol-${POLICY}` });
  });

  it('does not wait when it is there', async () => {
    const locators = { policyLocator, endorsementLocator: '100004260' };
    expect(await workOf('endorsement.issue', locators, { occurredAtMs })).toMatchObject({ kind: 'records' });
  });
});
