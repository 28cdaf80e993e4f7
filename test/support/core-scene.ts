import PQueue from 'p-queue';
import { ClaimReads, type PolicySeenBefore } from '../../src/core/claim-reads.js';
import { CoreClient } from '../../src/core/core-client.js';
import { type FakeAnswer, fakeCore, json } from './fake-core.js';
import { fixture } from './fixtures.js';

const BASE = 'https://core.example.test';
export const AS_OF = Date.parse('2024-11-05T12:00:00Z');
export const POLICY = '100004200';
export const POLICYHOLDER = '8d0c5430-d72e-5494-ab32-1d39c028bcee';
export const INVOICE = '5422de77-3df3-5b88-ae9a-836884500267';
export const PAYMENT = 'efe3ac2e-8ab2-5277-9933-7bc37e12a275';
export const CLAIM = 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69';
export const GRACE_PERIOD = '639e2ab8-e4a0-54da-aff9-4a6251078d0b';
export const NOT_FOUND = json({}, 404);

export const POLICY_PATH = `/policy/${POLICY}`;
export const POLICYHOLDER_PATH = `/policyholder/${POLICYHOLDER}`;
export const INVOICES_PATH = `${POLICYHOLDER_PATH}/invoices`;
export const GRACE_PERIODS_PATH = `${POLICY_PATH}/gracePeriods`;

const core = (name: string) => json(fixture(`core/${name}.json`));
const STORY: Readonly<Record<string, FakeAnswer>> = {
  [POLICY_PATH]: core('policy.reinstated'),
  [POLICYHOLDER_PATH]: core('policyholder'),
  [INVOICES_PATH]: core('policyholder-invoices'),
  [GRACE_PERIODS_PATH]: json([fixture('core/grace-period.json')]),
  [`/gracePeriod/${GRACE_PERIOD}`]: core('grace-period'),
  [`/payments/${PAYMENT}`]: core('payment.reversed'),
  [`/claim/${CLAIM}`]: core('claim'),
  '/quotes/100004210': core('quote.quoted'),
  '/cancellations/100004320': core('cancellation'),
  '/reinstatements/100004330': core('reinstatement'),
  '/endorsements/100004260': core('endorsement'),
  '/premiumReports/100005140': core('premium-report'),
};

/**
 * Core at the moment of the reinstatement, seen through one claim; `changes` replace or add answers by path.
 *
 * @param policySeenBefore what is remembered; nothing, unless it is given
 */
export function coreScene(changes: Readonly<Record<string, FakeAnswer>> = {}, policySeenBefore?: PolicySeenBefore) {
  const { calls, request } = fakeCore(BASE, { ...STORY, ...changes });
  const client = new CoreClient({
    baseUrl: BASE,
    token: 't',
    request,
    refreshToken: () => Promise.resolve({ token: undefined }),
    gate: new PQueue({ concurrency: 5 }),
    mayCall: () => true,
    now: () => AS_OF,
  });
  return { calls, reads: new ClaimReads(client, policySeenBefore) };
}
