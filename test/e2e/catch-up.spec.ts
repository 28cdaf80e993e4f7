import type { LogLine } from '../../sandbox/app-process/log-lines.ts';
import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { lostWebhooks } from '../../sandbox/demo/lost-webhooks.ts';
import { readExpectedCrm, verifyCrm } from '../../sandbox/demo/verify-crm.ts';
import type { RingResult } from '../../sandbox/core/webhooks.ts';
import { type StoryEvent, storyEventOf } from '../../sandbox/story/story-events.ts';
import { prepareStoryMarketplace, type Store } from '../support/story-marketplace.ts';

/**
 * The built app in processes of its own, launched by the local Marketplace, reading the event stream twice a second.
 * From the first event on it is the end of the story, so that nothing has to wait for time to pass.
 */
let local: LocalMarketplace;
let store: Store;

beforeEach(async () => {
  ({ local, store } = await prepareStoryMarketplace({ CATCH_UP_INTERVAL_MS: '500' }));
  await local.moveTo((local.events.at(-1)?.atMs ?? 0) + 60_000);
  // So does Core's own clock, or the tokens that expire within a day would all be too old at the next event.
  for (const event of local.events) local.core.story.change(event);
}, 400_000);

afterEach(() => local.close());

async function ring(event: StoryEvent): Promise<readonly RingResult[]> {
  const results = await local.core.webhooks.ring(event);
  local.core.story.record(event);
  return results;
}

/** The event happens, but its webhook never rings. */
const loseWebhookOf = (event: StoryEvent) => local.core.story.record(event);

const linesOf = (event: string) => local.app.log.newest.filter((line) => line.event === event);
const sumOf = (name: 'read' | 'gaps') =>
  linesOf('catchup.completed').reduce((sum, { fields }) => sum + Number(fields[name]), 0);
const endsOf = ({ id }: StoryEvent) =>
  local.app.log.newest.filter(({ event, eventId }) => eventId === id && /^sync\.(delivered|skipped|dead)/.test(event));

/** Waits for what must come; the expectation after it says what did not. */
async function until(isDone: () => boolean, withinMs = 120_000): Promise<void> {
  for (let waitedMs = 0; waitedMs < withinMs && !isDone(); waitedMs += 25) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What is kept outside of the queue is written at the end of a run; the one under way may have begun too early. */
async function twoMoreRuns(): Promise<void> {
  const runs = linesOf('catchup.completed').length;
  await until(() => linesOf('catchup.completed').length >= runs + 2 * local.app.processes.length);
}

const everyEventEnds = (events: readonly StoryEvent[]) =>
  until(() => events.every((event) => endsOf(event).length > 0));

/**
 * Launches the app and waits for its first look at the stream. The app's clock stands at the end of the story, so events
 * that happen before that look are older than the instant it begins at, which in Core they could not be.
 */
async function launch(): Promise<void> {
  await local.instance.launch();
  await until(() => linesOf('catchup.completed').length > 0);
}

it('closes the gaps when one webhook in ten is lost, and says how many they were', async () => {
  await launch();
  const lost = lostWebhooks(local.events, 10, 1);
  for (const event of local.events) {
    if (lost.has(event.id)) loseWebhookOf(event);
    else await ring(event);
  }
  await everyEventEnds(local.events);
  await until(() => sumOf('gaps') >= lost.size);
  expect(lost.size).toBe(8);
  expect([sumOf('read'), sumOf('gaps')]).toEqual([local.events.length, lost.size]);
  expect(verifyCrm(readExpectedCrm(), restCrmOf(local).store)).toEqual([]);
}, 400_000);

it('goes on from the cursor in auxiliary data when its disk is empty', async () => {
  await launch();
  const middle = Math.floor(local.events.length / 2);
  const [before, away] = [local.events.slice(0, middle), local.events.slice(middle)];
  for (const event of before) await ring(event);
  await everyEventEnds(before);
  await until(() => sumOf('read') === before.length);
  await twoMoreRuns();
  await local.app.kill('SIGTERM');
  await store.lose();
  for (const event of away) loseWebhookOf(event);
  await local.instance.launch();
  await everyEventEnds(away);
  expect(away.filter((event) => endsOf(event).length !== 1)).toEqual([]);
  expect([sumOf('read'), sumOf('gaps')]).toEqual([local.events.length, away.length]);
  expect(verifyCrm(readExpectedCrm(), restCrmOf(local).store)).toEqual([]);
}, 400_000);

it('reads again what still waited for the target when the disk was lost, and no more than that', async () => {
  let isAway = false;
  restCrmOf(local).faults.add({ path: '/', status: 503, times: Infinity, when: () => isAway });
  await launch();
  const [ended, waits] = ['policyholder.create', 'policyholder.update'].map((type) => storyEventOf(local.events, type));
  if (!ended || !waits) throw new Error('the story has these events');
  await ring(ended);
  await everyEventEnds([ended]);
  await twoMoreRuns();
  isAway = true;
  await ring(waits);
  await until(() => sumOf('read') === 2);
  await twoMoreRuns();
  expect((await store.events()).filter(({ state }) => state === 'waiting').map(({ id }) => id)).toEqual([waits.id]);
  await local.app.kill('SIGTERM');
  await store.lose();
  isAway = false;
  await local.instance.launch();
  await until(() => endsOf(waits).length > 0, 20_000);
  expect([endsOf(ended), endsOf(waits)].map((ends) => ends.length)).toEqual([1, 1]);
  expect([sumOf('read'), sumOf('gaps')]).toEqual([3, 1]);
}, 400_000);

it('notes once that it may not write auxiliary data, and does everything else', async () => {
  local.core.faults.add({ path: '/auxData', method: 'PUT', status: 403, times: Number.MAX_SAFE_INTEGER });
  await launch();
  const [rung, lost] = ['policyholder.create', 'policyholder.update'].map((type) => storyEventOf(local.events, type));
  if (!rung || !lost) throw new Error('the story has these events');
  await ring(rung);
  loseWebhookOf(lost);
  await everyEventEnds([rung, lost]);
  const runs = linesOf('catchup.completed').length;
  await until(() => linesOf('catchup.completed').length >= runs + 3);
  expect(linesOf('catchup.completed').length).toBeGreaterThanOrEqual(runs + 3);
  const notes = linesOf('catchup.cursor_not_mirrored').map(({ level, fields }) => `${level}: ${String(fields.code)}`);
  expect([...new Set(notes)]).toEqual(['warn: core_forbidden']);
  const isNote = ({ event }: LogLine) => event === 'catchup.cursor_not_mirrored';
  // Each process notes it once for itself.
  expect(Math.max(...local.app.processes.map(({ log }) => log.newest.filter(isNote).length))).toBe(1);
  expect([sumOf('gaps'), linesOf('catchup.failed').length]).toEqual([1, 0]);
  expect(local.app.log.newest.filter(({ level }) => level === 'error')).toEqual([]);
  expect(
    restCrmOf(local)
      .store.records.map(({ kind }) => kind)
      .toSorted(),
  ).toEqual(['activity', 'activity', 'party']);
}, 400_000);

it('handles an event once that it sees on both ways, whichever comes first', async () => {
  await launch();
  const rungFirst = storyEventOf(local.events, 'policyholder.create');
  const readFirst = storyEventOf(local.events, 'policyholder.update');
  await ring(rungFirst);
  await until(() => sumOf('read') === 1);
  loseWebhookOf(readFirst);
  await everyEventEnds([rungFirst, readFirst]);
  const [late] = await local.core.webhooks.ring(readFirst);
  expect(late?.answer).toMatchObject({ status: 'duplicate' });
  await until(() => linesOf('webhook.duplicate').length > 0);
  // Longer than the app rests before it syncs: a second handling would show by now.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect([rungFirst, readFirst].map((event) => endsOf(event).length)).toEqual([1, 1]);
  expect([sumOf('read'), sumOf('gaps')]).toEqual([2, 1]);
  expect(
    restCrmOf(local)
      .store.timeline()
      .map(({ type }) => type),
  ).toEqual(['policyholder.create', 'policyholder.update']);
}, 400_000);
