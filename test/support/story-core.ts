import PQueue from 'p-queue';
import { readFileSync } from 'node:fs';
import { ClaimReads } from '../../src/core/claim-reads.js';
import { CoreClient } from '../../src/core/core-client.js';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';

/**
 * Core as it answers at one moment of the story that `test/fixtures/core` tells. What the fixtures show in its final
 * state only (an issued endorsement, an open claim) is set back to the state that the event speaks of, and the second
 * and third policy, which have no payload of their own, are copies of the first.
 */

type Json = Readonly<Record<string, unknown>>;

/** Safe cast: the fixtures are JSON objects, all but the list of invoices, which is read as such. */
function fixture(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../fixtures/core/${name}.json`, import.meta.url), 'utf8')) as Json;
}

const POLICIES = ['quoted', 'issued', 'endorsed', 'cancelled', 'reinstated', 'renewed'].map((name) =>
  fixture(`policy.${name}`),
);
const GRACE_PERIOD = { startMs: 1_726_470_000_000, settledMs: 1_730_507_408_091 };
const RESERVES_SET_MS = 1_728_515_520_000;
const SUBCLAIM_OPENED_MS = 1_727_974_800_000;

/** The newest payload that Core had written when the event happened; before the first one, the first. */
function policyAt(atMs: number): Json | undefined {
  return POLICIES.findLast((policy) => Number(policy['updatedTimestamp']) <= atMs) ?? POLICIES[0];
}

function renamed(json: Json | undefined, from: string, to: string): Json {
  return JSON.parse(JSON.stringify(json).replaceAll(`"${from}"`, `"${to}"`)) as Json;
}

/** The story has no bill that was written off; the newer event speaks of the endorsement's. */
function withWrittenOff(policy: Json | undefined, invoiceLocator: string): Json {
  const invoices = (policy?.['invoices'] as Json[]).map((invoice) =>
    invoice['locator'] === invoiceLocator
      ? { ...invoice, settlementStatus: 'settled', settlementType: 'writtenOff' }
      : invoice,
  );
  return { ...policy, invoices };
}

/** The second policy lapsed and came back, on the older lapse model. */
const LAPSE_MODIFICATIONS: readonly Json[] = [
  {
    locator: 'e6a4a5a0-5d9b-5d52-9f0c-0d5c3b1f7a10',
    name: 'modification.policy.lapse',
    number: 1,
    issuedTimestamp: '1733817604000',
    effectiveTimestamp: '1733817600000',
    premiumChange: -520.5,
    premiumChangeCurrency: 'USD',
  },
  {
    locator: 'e6a4a5a0-5d9b-5d52-9f0c-0d5c3b1f7a11',
    name: 'modification.policy.reinstate',
    number: 2,
    issuedTimestamp: '1734022800000',
    effectiveTimestamp: '1733817600000',
    premiumChange: 520.5,
    premiumChangeCurrency: 'USD',
  },
];

function secondPolicyAt(atMs: number): Json {
  const policy = renamed(POLICIES[1], '100004200', '100004800');
  const issued = LAPSE_MODIFICATIONS.filter((modification) => Number(modification['issuedTimestamp']) <= atMs);
  return { ...policy, modifications: [...(policy['modifications'] as Json[]), ...issued] };
}

/** An entity as it was when the event happened: its state then, and not yet issued unless it says so. */
function inState(json: Json, member: string, state: string, atMs: number): Json {
  const { issuedTimestamp, ...rest } = json;
  return {
    ...rest,
    [member]: state,
    updatedTimestamp: String(atMs),
    ...(state === 'issued' && { issuedTimestamp }),
  };
}

const CHANGE_STATES = new Map([
  ['create', 'application'],
  ['update', 'application'],
  ['quote', 'quoted'],
  ['accept', 'accepted'],
  ['invalidate', 'invalidated'],
]);
const DRAFT_STATES = new Map([
  ['create', 'draft'],
  ['update', 'draft'],
  ['quoted', 'quoted'],
  ['accept', 'accepted'],
  ['rescind', 'rescinded'],
  ['deadlineReached', 'expired'],
  ['replace', 'issued'],
  ['reverse', 'reversed'],
]);
const CLAIM_STATES = new Map([
  ['claim.create', 'pending'],
  ['claim.close', 'closed'],
  ['subClaim.close', 'open'],
]);

function claimAt(eventType: string, atMs: number): Json {
  const claim = fixture('claim');
  const [subClaim] = claim['subClaims'] as Json[];
  const isClosed = eventType === 'claim.close' || eventType === 'subClaim.close';
  const reserves = isClosed ? { lossReserve: 0, expenseReserve: 0 } : {};
  const noReserves = { lossReserve: undefined, expenseReserve: undefined };
  const item = {
    ...subClaim,
    ...(atMs < RESERVES_SET_MS ? noReserves : reserves),
    currentStatus: isClosed ? 'closed' : 'open',
    updatedTimestamp: String(atMs),
  };
  const state = CLAIM_STATES.get(eventType) ?? 'open';
  return { ...inState(claim, 'currentStatus', state, atMs), subClaims: atMs < SUBCLAIM_OPENED_MS ? [] : [item] };
}

function gracePeriodAt(atMs: number): Json {
  const gracePeriod = fixture('grace-period');
  return atMs < GRACE_PERIOD.settledMs
    ? gracePeriod
    : { ...gracePeriod, settledTimestamp: String(GRACE_PERIOD.settledMs) };
}

/** What Core answers to one path; undefined is its 404. */
function answerTo(path: string, eventType: string, atMs: number): unknown {
  const verb = eventType.split('.').at(-1) ?? '';
  const change = CHANGE_STATES.get(verb) ?? 'issued';
  const draft = DRAFT_STATES.get(verb) ?? 'issued';
  switch (path) {
    case '/policy/100004200':
      return eventType === 'invoice.writtenOff'
        ? withWrittenOff(policyAt(atMs), '5422de77-3df3-5b88-ae9a-836884500267')
        : policyAt(atMs);
    case '/policy/100004800':
      return eventType === 'policy.discard' ? undefined : secondPolicyAt(atMs);
    case '/policy/100005100':
      return renamed(renamed(POLICIES[1], '100004200', '100005100'), 'personal-auto', 'workers-comp');
    case '/policyholder/8d0c5430-d72e-5494-ab32-1d39c028bcee':
      return fixture('policyholder');
    case '/policyholder/8d0c5430-d72e-5494-ab32-1d39c028bcee/invoices':
      return fixture('policyholder-invoices');
    case '/policy/100004200/gracePeriods':
      return atMs < GRACE_PERIOD.startMs ? [] : [gracePeriodAt(atMs)];
    case '/gracePeriod/639e2ab8-e4a0-54da-aff9-4a6251078d0b':
      return gracePeriodAt(atMs);
    case '/quotes/100004210':
      return inState(fixture('quote.quoted'), 'state', draft, atMs);
    case '/quotes/100004212':
      return fixture('quote.declined');
    case '/endorsements/100004260':
      return inState(fixture('endorsement'), 'state', change, atMs);
    case '/endorsements/100004264':
      return { ...inState(fixture('endorsement'), 'state', change, atMs), locator: '100004264' };
    case '/renewals/100004390':
      return inState(fixture('renewal'), 'state', change, atMs);
    case '/renewals/100004394':
      return { ...inState(fixture('renewal'), 'state', change, atMs), locator: '100004394' };
    case '/cancellations/100004320':
      return eventType.startsWith('cancellation')
        ? inState(fixture('cancellation'), 'state', draft, atMs)
        : fixture('cancellation');
    case '/cancellations/100004322':
      return { ...inState(fixture('cancellation'), 'state', draft, atMs), locator: '100004322', name: 'by_request' };
    case '/reinstatements/100004330':
      return inState(fixture('reinstatement'), 'state', draft, atMs);
    case '/reinstatements/100004332':
      return verb === 'invalidate'
        ? undefined
        : { ...inState(fixture('reinstatement'), 'state', draft, atMs), locator: '100004332' };
    case '/payments/a4161363-1faf-5449-a324-e8e2591e5ee5':
      return fixture('payment');
    case '/payments/efe3ac2e-8ab2-5277-9933-7bc37e12a275':
      return fixture('payment.reversed');
    case '/claim/d58a4ab0-8cbe-5160-8b5a-d1930dcefb69':
      return claimAt(eventType, atMs);
    case '/claims/payables/9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e':
      return fixture('payable');
    case '/premiumReports/100005140':
      return inState(fixture('premium-report'), 'state', draft, atMs);
    default:
      return undefined;
  }
}

/** The reads of one event of the story, through the real client, without a network. */
export function storyReads(eventType: string, atMs: number): ClaimReads {
  const request = (sent: HttpRequest): Promise<HttpResponse> => {
    const body = answerTo(new URL(sent.url).pathname, eventType, atMs);
    const status = body === undefined ? 404 : 200;
    return Promise.resolve({ kind: 'answer', status, headers: {}, body: JSON.stringify(body ?? {}) });
  };
  return new ClaimReads(
    new CoreClient({
      baseUrl: 'https://core.test',
      token: 'story',
      request,
      refreshToken: () => Promise.resolve({ token: undefined }),
      gate: new PQueue({ concurrency: 1 }),
      mayCall: () => true,
      now: () => atMs,
    }),
  );
}
