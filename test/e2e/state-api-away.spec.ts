import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { readExpectedCrm, verifyCrm } from '../../sandbox/demo/verify-crm.ts';
import type { Fault } from '../../sandbox/http/faults.ts';
import type { StoryEvent } from '../../sandbox/story/story-events.ts';
import { prepareStoryMarketplace, type Store } from '../support/story-marketplace.ts';

/**
 * The built app while the Marketplace's State API is away for hours of its clock: events of known tenants are accepted,
 * nothing is synced with settings that may be long out of date, and when it is back everything goes on by itself.
 */
const HOURS_AWAY = 13;
const MINUTE_MS = 60_000;
/** A tenant whose state cannot be read is looked at every five seconds; the rest is for the work and a slow machine. */
const BACK_WITHIN_MS = 30_000;

let local: LocalMarketplace;
let store: Store;
let isAway: boolean;

beforeEach(async () => {
  isAway = false;
  ({ local, store } = await prepareStoryMarketplace());
  await local.instance.launch();
  expect([local.instance.state, local.instance.message]).toEqual(['Running', '']);
  // From its first look on the event stream is read by its token, whatever the clock says.
  await until(() => linesOf('catchup.completed').length > 0);
  // The whole story has changed Core before the first webhook rings, as in catch-up.spec.ts.
  await local.moveTo((local.events.at(-1)?.atMs ?? 0) + MINUTE_MS);
  for (const event of local.events) local.core.story.change(event);
});
afterEach(() => local.close());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function goAway(how: Partial<Fault>): void {
  isAway = true;
  local.stateApi.faults.add({ path: '/state', times: Infinity, when: () => isAway, ...how });
}

async function statusesOf(event: StoryEvent): Promise<readonly number[]> {
  return (await local.core.webhooks.ring(event)).map(({ status }) => status);
}

/** Rings until the event is accepted: a replica that was just started knows no key yet. */
async function ringUntilAccepted(event: StoryEvent): Promise<void> {
  local.core.story.record(event);
  for (let times = 0; times < local.app.processes.length; times++) {
    if ((await statusesOf(event)).join() === '200') return;
  }
  throw new Error(`nobody accepts ${event.type}`);
}

/** Waits for what must come; the expectation after it says what did not. */
async function until(isSo: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < withinMs && !(await isSo());)
    await sleep(50);
}

const waiting = async () => (await store.events()).filter(({ state }) => state === 'waiting');

async function untilSettled(withinMs?: number): Promise<void> {
  await until(async () => (await waiting()).length === 0, withinMs);
  expect(await waiting()).toEqual([]);
}

const linesOf = (...events: readonly string[]) => local.app.log.newest.filter(({ event }) => events.includes(event));
const requestsToTarget = () => local.target.standIn.requests().length;
/** The story in three parts: before, while and after the State API is away. */
function parts(): readonly (readonly StoryEvent[])[] {
  const third = Math.floor(local.events.length / 3);
  return [local.events.slice(0, third), local.events.slice(third, 2 * third), local.events.slice(2 * third)];
}

it.each<[string, Partial<Fault>]>([
  ['answers 503', { status: 503 }],
  ['cuts the connection', { cutAfterCommit: true }],
  ['says nothing', { delayMs: 8_000 }],
])(
  'an hours-long outage costs no event and no try when it %s',
  async (_how, fault) => {
    const [before = [], meanwhile = [], after = []] = parts();
    for (const event of before) await ringUntilAccepted(event);
    await untilSettled();
    // Each process reads the event stream once when it first knows the tenant, and could not any more.
    await until(() => linesOf('catchup.completed').length >= local.app.processes.length);
    goAway(fault);
    // Longer than a state is reused.
    await local.moveTo(local.time.now() + MINUTE_MS);
    const asked = requestsToTarget();
    for (const [index, event] of meanwhile.entries()) {
      await local.moveTo(local.time.now() + (HOURS_AWAY * 60 * MINUTE_MS) / meanwhile.length);
      await ringUntilAccepted(event);
      // Of several replicas one is restarted in the middle, the others know the tenant.
      const [, replica] = local.app.processes;
      if (replica !== undefined && index === 5) await local.app.restart(replica, 'SIGTERM');
      await sleep(50);
    }
    expect(new Set(await waiting())).toEqual(
      new Set(meanwhile.map(({ id }) => expect.objectContaining({ id, tries: 0, code: null }))),
    );
    expect(requestsToTarget()).toBe(asked);
    await until(() => linesOf('state.unavailable').length > 0);
    const notices = linesOf('state.unavailable');
    // Each process notices for itself, and the restarted one once more.
    expect([notices.length > 0, notices.length <= local.app.processes.length + 1]).toEqual([true, true]);
    const troubles = ['sync.retry_scheduled', 'sync.dead_lettered', 'tenant.paused', 'catchup.failed', 'app.failed'];
    expect(linesOf(...troubles)).toEqual([]);

    isAway = false;
    await untilSettled(BACK_WITHIN_MS);
    for (const event of after) await ringUntilAccepted(event);
    await untilSettled();
    expect(linesOf('sync.dead_lettered', 'tenant.paused', 'app.failed')).toEqual([]);
    expect(verifyCrm(readExpectedCrm(), restCrmOf(local).store)).toEqual([]);
  },
  300_000,
);

it('after a restart in the middle nobody knows the tenant: events are refused, and come back with the State API', async () => {
  const [before = [], kept = [], refused = []] = parts();
  for (const event of before) await ringUntilAccepted(event);
  await untilSettled();
  goAway({ status: 503 });
  await local.moveTo(local.time.now() + MINUTE_MS);
  for (const event of kept) await ringUntilAccepted(event);
  await local.app.kill('SIGTERM');
  await local.app.start();
  for (const event of refused) local.core.story.record(event);
  for (const event of refused.slice(0, 2)) expect(await statusesOf(event)).toEqual([503]);
  await local.moveTo(local.time.now() + HOURS_AWAY * 60 * MINUTE_MS);
  expect(await waiting()).toHaveLength(kept.length);

  isAway = false;
  // Any call that carries the key will do: a probe that comes through the Marketplace's router, here.
  expect((await fetch(`${local.router.url}/health`)).status).toBe(200);
  await untilSettled(BACK_WITHIN_MS);
  const isFound = () => linesOf('catchup.completed').reduce((sum, { fields }) => sum + Number(fields.gaps), 0);
  await until(() => isFound() >= refused.length);
  await untilSettled();
  expect(await store.events()).toHaveLength(local.events.length);
  expect(verifyCrm(readExpectedCrm(), restCrmOf(local).store)).toEqual([]);
}, 300_000);
