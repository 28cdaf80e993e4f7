import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type OutboundTimes, PRODUCTION_TIMES } from '../../src/http/outbound-times.js';
import {
  type Answer,
  connectTenant,
  type FakeCore,
  type Json,
  jsonAnswer as json,
  ring,
  startCore,
  startCrm,
  textAnswer as text,
} from '../support/core-and-crm.js';
import { fixture } from '../support/fixtures.js';
import { type RunningApp, startApp } from '../support/running-app.js';

/**
 * A Core that answers otherwise than documented. Whatever it does ends as a retry or as a dead letter with a code that
 * says what is wrong, and nothing reaches the target before everything that is needed was read.
 */
const POLICY = '/policy/100004200';
const POLICYHOLDER = '/policyholder/8d0c5430-d72e-5494-ab32-1d39c028bcee';
const GRACE_PERIODS = `${POLICY}/gracePeriods`;

const USUAL = new Map<string, Answer>([
  [POLICY, json(fixture('core/policy.issued.json'))],
  [POLICYHOLDER, json(fixture('core/policyholder.json'))],
  [GRACE_PERIODS, json([])],
]);

/** The same policy as the other product family shows it: ULIDs, ISO instants, segments in place of characteristics. */
const OTHER_FAMILY = {
  locator: '01HZY3Q9V7T4M8K2N6B1C5D0EF',
  productName: 'PersonalAuto',
  accountLocator: '01HZY3Q9V7T4M8K2N6B1C5D0AA',
  createdAt: '2024-05-20T16:15:04Z',
  startTime: '2024-06-01T00:00:00-07:00',
  endTime: '2025-06-01T00:00:00-07:00',
  currency: 'USD',
  segments: [{ locator: '01HZY3Q9V7T4M8K2N6B1C5D0BB', startTime: '2024-06-01T00:00:00-07:00' }],
};

let app: RunningApp;
let core: FakeCore;
let crm: Awaited<ReturnType<typeof startCrm>>;

async function start(
  environment: Readonly<Record<string, string>> = {},
  times?: Partial<OutboundTimes>,
): Promise<void> {
  [app, core, crm] = await Promise.all([startApp(environment, times), startCore(USUAL), startCrm()]);
  connectTenant(app, { key: 'key', coreUrl: core.url, crmUrl: crm.url });
}

afterEach(() => Promise.all([app.close(), core.close(), crm.close()]));

async function happens(id = 'event-1', policyLocator = '100004200', key = 'key'): Promise<void> {
  const event = { id, type: 'policy.update', data: { policyLocator }, atMs: 1_716_305_400_450 };
  expect((await ring(app, key, event)).status).toBe(200);
}

const codesOf = (event: string) => app.lines.filter((line) => line.event === event).map(({ code }) => code);

const wrong = {
  html: text('<!doctype html><title>Maintenance</title>', 200, { 'content-type': 'text/html' }),
  'truncated JSON': text(JSON.stringify(fixture('core/policy.issued.json')).slice(0, 5_000)),
  'an empty answer': text(''),
  'a failure': text('{"message":"oops"}', 500),
  'a cut connection': (response: ServerResponse) => response.destroy(),
} as const;

describe('what may pass', () => {
  it.each<[keyof typeof wrong, string]>([
    ['html', 'core_answered_html'],
    ['truncated JSON', 'core_answer_not_json'],
    ['an empty answer', 'core_answer_not_json'],
    ['a failure', 'core_status_500'],
  ])('is tried again, then a dead letter: %s', async (name, code) => {
    await start({ RETRY_SCHEDULE_MS: '20' });
    core.answers.set(POLICY, wrong[name]);
    await happens();
    await app.lineOf('sync.dead_lettered');
    expect(codesOf('sync.retry_scheduled')).toEqual([code]);
    expect(codesOf('sync.dead_lettered')).toEqual([code]);
    expect(crm.records).toEqual([]);
  });

  it('is tried again, then a dead letter: a cut connection, after which the tenant rests a while', async () => {
    await start({ RETRY_SCHEDULE_MS: '20' });
    core.answers.set(POLICY, wrong['a cut connection']);
    await happens();
    for (let waitedMs = 0; waitedMs < 120_000 && codesOf('sync.dead_lettered').length === 0; waitedMs += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(codesOf('sync.dead_lettered')).toEqual([expect.stringMatching(/^core_(und_err_socket|econnreset)$/)]);
    expect(crm.records).toEqual([]);
  });

  it.each(Object.keys(wrong) as (keyof typeof wrong)[])('is over when Core is well again: %s', async (name) => {
    await start({ RETRY_SCHEDULE_MS: '300,300,300' });
    // The policy itself can be read: nothing of it may be written while its policyholder cannot.
    core.answers.set(POLICYHOLDER, wrong[name]);
    await happens();
    await app.lineOf('sync.retry_scheduled');
    expect(crm.records).toEqual([]);
    core.recovers();
    await app.lineOf('sync.delivered');
    expect(crm.records.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['party', 'policy', 'activity']));
  });

  it('waits as long as a 429 asks, and not a moment less', async () => {
    await start();
    core.answers.set(POLICY, text('', 429, { 'retry-after': '1' }));
    await happens();
    const { code, retryInMs } = await app.lineOf('sync.retry_scheduled');
    expect([code, Number(retryInMs) >= 1_000]).toEqual(['core_status_429', true]);
    core.recovers();
    await app.lineOf('sync.delivered');
    const [first = 0, second = 0] = core.calls.filter(({ path }) => path === POLICY).map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(995);
  });
});

/** Half of what a Core in good health would send, the connection kept open. */
const halfAnswer: Answer = (response) => {
  const body = JSON.stringify(fixture('core/policy.issued.json'));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2));
};

describe('a Core that takes the call and then says nothing more', () => {
  const SILENCES: readonly (readonly [string, Answer])[] = [
    ['nothing at all', () => undefined],
    ['half of its answer', halfAnswer],
  ];
  /** Of these two the policy is read first; when the policyholder is silent, the policy is known already. */
  const ROWS = [POLICY, POLICYHOLDER].flatMap((path) =>
    SILENCES.map(([said, answer]) => [said, path, answer] as const),
  );

  it.each(ROWS)('is cut, and the record is there once when it speaks again: %s of %s', async (_said, path, answer) => {
    await start({ RETRY_SCHEDULE_MS: '100,100,100,100' }, { tenantMs: 300 });
    core.answers.set(path, answer);
    await happens();
    const { durationMs, ...line } = await app.lineOf('sync.retry_scheduled');
    expect(line).toMatchObject({ code: 'core_timeout', attempt: 1 });
    expect(Number(durationMs)).toBeGreaterThanOrEqual(290);
    expect(Number(durationMs)).toBeLessThan(PRODUCTION_TIMES.tenantMs);
    expect(crm.records).toEqual([]);
    core.recovers();
    await app.lineOf('sync.delivered');
    const keys = crm.records.map(({ key }) => key);
    expect(keys).toContain('p-pol-100004200');
    expect(new Set(keys).size).toBe(keys.length);
    expect(codesOf('sync.dead_lettered')).toEqual([]);
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 0, deadLetters: 0 });
  });

  it.each(SILENCES)('is a dead letter when it never speaks again: %s', async (_said, answer) => {
    await start({ RETRY_SCHEDULE_MS: '20' }, { tenantMs: 200 });
    core.answers.set(POLICY, answer);
    await happens();
    expect(await app.lineOf('sync.dead_lettered')).toMatchObject({ code: 'core_timeout', attempt: 2 });
    expect(crm.records).toEqual([]);
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 0, deadLetters: 1 });
  });

  it('keeps no other tenant waiting, although all ask at the same address', async () => {
    const silentTenants = Array.from({ length: 20 }, (_, index) => `silent-${index}`);
    const policies = ['900001', '900002'];
    await start();
    for (const key of silentTenants) connectTenant(app, { key, coreUrl: core.url, crmUrl: crm.url });
    for (const policy of policies) core.answers.set(`/policy/${policy}`, () => undefined);
    for (const key of silentTenants) {
      for (const policy of policies) await happens(`${key}-${policy}`, policy, key);
    }
    // Every place of the worker is taken.
    const isHanging = () => core.calls.filter(({ path }) => path.startsWith('/policy/9')).length >= 16;
    while (!isHanging()) await new Promise((resolve) => setTimeout(resolve, 5));
    await happens('event-of-another-tenant');
    expect(await app.lineOf('sync.delivered')).toMatchObject({ eventId: 'event-of-another-tenant' });
    // Nobody has given up on the silent ones yet.
    expect(codesOf('sync.retry_scheduled')).toEqual([]);
  });
});

describe('what will not change by itself is a dead letter at once', () => {
  it.each<[string, string, Answer, string]>([
    ['the other product family', POLICY, json(OTHER_FAMILY), 'core_answer_unreadable_policy'],
    [
      'its list of policies',
      POLICY,
      json({ listCompleted: true, items: [OTHER_FAMILY] }),
      'core_answer_unreadable_policy',
    ],
    ['a list', POLICY, json([]), 'core_answer_unreadable_policy'],
    ['null', POLICY, json(null), 'core_answer_unreadable_policy'],
    ['an account of the other family', POLICYHOLDER, json(OTHER_FAMILY), 'core_answer_unreadable_policyholder'],
    ['403 for the policy', POLICY, text('{}', 403), 'core_forbids_policy'],
    ['403 for the policyholder', POLICYHOLDER, text('{}', 403), 'core_forbids_policyholder'],
  ])('%s', async (_what, path, answer, code) => {
    await start();
    core.answers.set(path, answer);
    await happens();
    expect(await app.lineOf('sync.dead_lettered')).toMatchObject({ code, attempt: 1 });
    expect(codesOf('sync.retry_scheduled')).toEqual([]);
    expect(crm.records).toEqual([]);
    expect(await app.queue.backlog()).toEqual({ waitingEvents: 0, deadLetters: 1 });
  });
});

describe('a policy of 500 kB', () => {
  /** An old policy: the same as the fixture in force, behind hundreds of versions that were replaced. */
  function longHistory(bytes: number): Json {
    // Safe: the fixture is a policy, whose versions are an array of objects.
    const policy = fixture('core/policy.issued.json') as Json & { readonly characteristics: readonly Json[] };
    const [version] = policy.characteristics;
    const replaced = { ...version, grossPremium: 5, replacedTimestamp: '1716305400000' };
    const count = Math.ceil(bytes / JSON.stringify(replaced).length) + 2;
    const history = Array.from({ length: count }, (_, index) => ({ ...replaced, locator: `old-${index}` }));
    return { ...policy, characteristics: [...history, ...policy.characteristics] };
  }

  const policyFields = () => crm.records.filter(({ kind }) => kind === 'policy').map(({ fields }) => fields);

  it('is read as the same policy without its history', async () => {
    await start();
    await happens('small');
    await app.lineOf('sync.delivered');
    const [fields] = policyFields();
    const large = longHistory(500_000);
    expect(JSON.stringify(large).length).toBeGreaterThan(500_000);
    core.answers.set(POLICY, json({ ...large, displayId: 'large' }));
    await happens('large');
    await app.lineOf('sync.delivered', 2);
    expect(policyFields()).toEqual([fields, { ...(fields as Json), number: 'large' }]);
  });

  it('leaves nothing behind in memory', async () => {
    setFlagsFromString('--expose-gc');
    // Safe: with that flag a new context has the function.
    const collect = runInNewContext('gc') as () => void;
    const heapMb = () => {
      collect();
      return process.memoryUsage().heapUsed / 1_048_576;
    };
    await start();
    core.answers.set(POLICY, json(longHistory(500_000)));
    const syncs = async (from: number, count: number) => {
      for (let index = from; index < from + count; index++) {
        await happens(`event-${index}`);
        await app.lineOf('sync.delivered', index + 1);
      }
    };
    await syncs(0, 10);
    const beforeMb = heapMb();
    await syncs(10, 30);
    // 30 payloads are 15 MB as text and more as objects.
    expect(heapMb() - beforeMb).toBeLessThan(8);
  }, 240_000);
});
