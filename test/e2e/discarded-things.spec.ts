import { CrmStore } from '../../sandbox/targets/rest-crm/crm-store.ts';
import { parseJson, objectOf } from '../../sandbox/http/json.ts';
import {
  type Answer,
  connectTenant,
  type FakeCore,
  type Json,
  jsonAnswer,
  ring,
  startCore,
  startCrm,
  textAnswer,
} from '../support/core-and-crm.js';
import { fixture } from '../support/fixtures.js';
import { type Line, type RunningApp, startApp } from '../support/running-app.js';

/**
 * What was discarded in Core, in the target: why it is as it is, `docs/decisions/0006-discarded-things.md` says. Six
 * things can be discarded; Core may go on showing them or answer 404, and the target may have got them before or not.
 */
const POLICY_LOCATOR = '100004200';
const CLAIM_LOCATOR = 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69';
const NOT_FOUND = textAnswer('{}', 404);

/** Safe: these fixtures are JSON objects. */
const entity = (name: string) => fixture(`core/${name}.json`) as Json;
const policy = entity('policy.quoted');

interface Thing {
  /** Begins the names of its events. */
  readonly family: string;
  /** The locators that its events carry. */
  readonly data: Json;
  /** Where Core answers it, while it is a draft, and when it was discarded: for two of the six Core has no such state. */
  readonly path: string;
  readonly draft: Json;
  readonly discarded: Json;
  /** In the target: the record itself and what ends with it. */
  readonly keys: readonly string[];
}

/** @param parts what tells it as a draft */
function changeOf(name: string, parts: Json): Json {
  const { issuedTimestamp: _later, ...rest } = entity(name);
  return { ...rest, policyLocator: POLICY_LOCATOR, ...parts };
}

const THINGS: Readonly<Record<string, Thing>> = {
  policy: {
    family: 'policy',
    data: { policyLocator: POLICY_LOCATOR },
    path: `/policy/${POLICY_LOCATOR}`,
    draft: policy,
    discarded: policy,
    keys: ['p-pol-100004200'],
  },
  quote: {
    family: 'policy.quote',
    data: { policyLocator: POLICY_LOCATOR, quoteLocator: '100004214' },
    path: '/quotes/100004214',
    draft: changeOf('quote.quoted', { locator: '100004214', name: '3', createdTimestamp: '1716223000000' }),
    discarded: changeOf('quote.quoted', {
      locator: '100004214',
      name: '3',
      createdTimestamp: '1716223000000',
      state: 'discarded',
    }),
    keys: ['p-quo-100004214'],
  },
  endorsement: {
    family: 'endorsement',
    data: { policyLocator: POLICY_LOCATOR, endorsementLocator: '100004260' },
    path: '/endorsements/100004260',
    draft: changeOf('endorsement', { state: 'application' }),
    discarded: changeOf('endorsement', { state: 'discarded' }),
    keys: ['p-chg-100004260'],
  },
  renewal: {
    family: 'renewal',
    data: { policyLocator: POLICY_LOCATOR, renewalLocator: '100004390' },
    path: '/renewals/100004390',
    draft: changeOf('renewal', { state: 'application' }),
    discarded: changeOf('renewal', { state: 'discarded' }),
    keys: ['p-chg-100004390'],
  },
  premiumReport: {
    family: 'premiumReport',
    data: { policyLocator: POLICY_LOCATOR, premiumReportLocator: '100005140' },
    path: '/premiumReports/100005140',
    draft: changeOf('premium-report', { state: 'draft' }),
    discarded: changeOf('premium-report', { state: 'discarded' }),
    keys: ['p-prm-100005140'],
  },
  claim: {
    family: 'claim',
    data: { policyLocator: POLICY_LOCATOR, claimLocator: CLAIM_LOCATOR },
    path: `/claim/${CLAIM_LOCATOR}`,
    draft: entity('claim'),
    discarded: entity('claim'),
    keys: [`p-clm-${CLAIM_LOCATOR}`, 'p-sub-f50d562d-7c8a-50d6-98bd-4dc115bf6496'],
  },
};

let app: RunningApp;
let core: FakeCore;
let crm: Awaited<ReturnType<typeof startCrm>>;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const usual = new Map<string, Answer>([
    [`/policy/${POLICY_LOCATOR}`, jsonAnswer(policy)],
    [`/policy/${POLICY_LOCATOR}/gracePeriods`, jsonAnswer([])],
    [`/policyholder/${String(policy.policyholderLocator)}`, jsonAnswer(entity('policyholder'))],
    [`/policyholder/${String(policy.policyholderLocator)}/invoices`, jsonAnswer([])],
  ]);
  [app, core, crm] = await Promise.all([startApp(environment), startCore(usual), startCrm()]);
  running.push(app, core, crm);
  connectTenant(app, { key: 'key', coreUrl: core.url, crmUrl: crm.url });
}

const running: { close(): Promise<void> }[] = [];
const stop = () => Promise.all(running.splice(0).map((part) => part.close()));
afterEach(stop);

const FINAL = ['sync.delivered', 'sync.skipped', 'sync.dead_lettered'];

/** The event's last line in the log. */
async function endOf(id: string): Promise<Line> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 5) {
    const end = app.lines.find(({ event, eventId }) => eventId === id && FINAL.includes(event));
    if (end) return end;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${id} did not end`);
}

const TIMES_MS = { create: 1_745_000_000_000, discard: 1_745_000_060_000 } as const;

/** Its webhook rings. @returns how the event ended */
async function happens({ family, data }: Thing, what: keyof typeof TIMES_MS): Promise<Line> {
  const id = `the-${what}`;
  expect((await ring(app, 'key', { id, type: `${family}.${what}`, data, atMs: TIMES_MS[what] })).status).toBe(200);
  return endOf(id);
}

/** What the target was sent of the thing: the operations in their order, and the sentences. */
const opsOf = ({ keys }: Thing) =>
  keys.map((key) => crm.records.filter((record) => record.key === key).map(({ op }) => op));
const sentences = () =>
  crm.records.filter(({ kind }) => kind === 'activity').map(({ fields }) => String((fields as Json).subject));

/** The thing and its timeline as the target holds them in the end. */
function heldOf({ keys }: Thing): Json {
  const store = new CrmStore();
  for (const record of crm.records) store.write(objectOf(parseJson(JSON.stringify(record))), 0);
  const lines = store.records.filter(({ kind }) => kind === 'activity').map(({ key }) => key);
  const held = [...keys, ...lines.toSorted()].map((key) => {
    const { op, fields, relations } = store.find(key) ?? {};
    return [key, { op, fields, relations }];
  });
  return Object.fromEntries(held) as Json;
}

describe.each(Object.entries(THINGS))('a discarded %s', (_name, thing) => {
  const discardedThere = { event: 'sync.delivered', recordKey: thing.keys[0] };

  it('that Core still has ends the same, whether it was read as a draft, only late, or with both events at once', async () => {
    const ends: Json[] = [];

    await start();
    core.answers.set(thing.path, jsonAnswer(thing.draft));
    await happens(thing, 'create');
    core.answers.set(thing.path, jsonAnswer(thing.discarded));
    await happens(thing, 'discard');
    expect(opsOf(thing)).toEqual(thing.keys.map(() => ['upsert', 'void']));
    ends.push(heldOf(thing));
    await stop();

    await start();
    core.answers.set(thing.path, jsonAnswer(thing.discarded));
    expect(await happens(thing, 'discard')).toMatchObject(discardedThere);
    expect(await happens(thing, 'create')).toMatchObject({ event: 'sync.delivered' });
    expect(opsOf(thing)).toEqual(thing.keys.map(() => ['void']));
    ends.push(heldOf(thing));
    await stop();

    await start({ SETTLE_MS: '300', SETTLE_MAX_MS: '300' });
    core.answers.set(thing.path, jsonAnswer(thing.discarded));
    await Promise.all([happens(thing, 'discard'), happens(thing, 'create')]);
    expect(opsOf(thing)).toEqual(thing.keys.map(() => ['void']));
    ends.push(heldOf(thing));

    expect(ends.slice(1)).toEqual([ends[0], ends[0]]);
  });

  it.each([
    ['Core and the target have', 'has', 'held'],
    ['only Core has', 'has', 'unknown'],
    ['only the target has', '404', 'held'],
  ])('that %s is ended there, with a line: Core %s, target %s', async (_what, inCore, inTarget) => {
    await start();
    core.answers.set(thing.path, jsonAnswer(thing.draft));
    if (inTarget === 'held') await happens(thing, 'create');
    core.answers.set(thing.path, inCore === 'has' ? jsonAnswer(thing.discarded) : NOT_FOUND);
    const before = crm.records.length;
    expect(await happens(thing, 'discard')).toMatchObject(discardedThere);
    expect(opsOf(thing)[0]?.at(-1)).toBe('void');
    const [sentence] = sentences().slice(-1);
    expect(sentence).toContain('discarded');
    const sent = crm.records.slice(before).map(({ kind }) => kind);
    if (inTarget === 'held')
      expect(sent.filter((kind) => kind !== 'claim_item')).toEqual([expect.anything(), 'activity']);
  });

  it.each([[['discard', 'create']], [['create', 'discard']]] as const)(
    'that neither has is skipped and leaves nothing: %j',
    async (order) => {
      await start();
      core.answers.set(thing.path, NOT_FOUND);
      const ends = new Map<string, Line>();
      for (const what of order) ends.set(what, await happens(thing, what));
      expect(ends.get('discard')).toMatchObject({ event: 'sync.skipped', code: 'never_delivered' });
      expect(ends.get('create')).toMatchObject({ event: 'sync.skipped', code: 'not_found_in_core' });
      expect([opsOf(thing).flat(), sentences()]).toEqual([[], []]);
    },
  );
});

it.each([
  ['claim.open', { claimLocator: '900' }],
  ['endorsement.issue', { endorsementLocator: '900' }],
  ['payment.pay', { paymentLocator: '900' }],
  ['invoice.pastDue', { invoiceLocator: '900' }],
])('a forged %s about nothing that Core has is skipped and leaves nothing on a real policy: %j', async (type, data) => {
  await start();
  const event = { id: 'forged', type, data: { policyLocator: POLICY_LOCATOR, ...data }, atMs: TIMES_MS.create };
  expect((await ring(app, 'key', event)).status).toBe(200);
  expect(await endOf('forged')).toMatchObject({ event: 'sync.skipped', code: 'not_found_in_core', attempt: 3 });
  expect(crm.records).toEqual([]);
});
