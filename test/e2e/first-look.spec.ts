import type { StoryEvent } from '../../sandbox/story/story-events.ts';
import { StateService } from '../../src/state/state.service.js';
import { type BenchLine, StoryBench } from '../support/story-bench.js';
import { CRM_URL, LiveCore } from '../support/story-surroundings.js';

/** Where a tenant's event stream is read from at its first Start: our clock says when that is, Core's when events happen. */
let bench: StoryBench;
let core: LiveCore;

beforeEach(() => {
  bench = new StoryBench();
  bench.settings = { target: 'rest', 'api-url': CRM_URL, auth: 'none' };
  core = new LiveCore();
  bench.send = (request) => Promise.resolve(core.answer(request));
});

afterEach(() => bench.close());

/** An event that Core stamped so many seconds before our clock's now. */
function eventStamped(secondsAgo: number): StoryEvent {
  const id = `${secondsAgo}-seconds-ago`;
  const atMs = Date.now() - secondsAgo * 1_000;
  const data = { policyLocator: '100004200' };
  const body = { id, type: 'policy.update', transactionId: id, timestamp: String(atMs), data };
  return { id, type: 'policy.update', transactionId: id, atMs, data, body };
}

async function firstLook(): Promise<BenchLine> {
  const tenant = await bench.start('key');
  const line = new Promise<BenchLine>((resolve) => {
    bench.onLine = (written) => {
      if (written.event.startsWith('catchup.')) resolve(written);
    };
  });
  bench.catchUp.begin(tenant);
  return line;
}

it.each([
  ['just now', 0, 1],
  ['by a clock that is behind', 50, 1],
  ['before the app was there', 70, 0],
])('an event stamped %s, %i s ago, that never rang: %i found', async (_when, secondsAgo, found) => {
  core.happen(eventStamped(secondsAgo));
  expect(await firstLook()).toMatchObject({ event: 'catchup.completed', read: found, gaps: found });
  expect((await bench.queue.backlog()).waitingEvents).toBe(found);
});

it('recognises what has rung already', async () => {
  const [rung, lost] = [eventStamped(40), eventStamped(20)];
  await StateService.runAs('key', () => bench.webhooks.accept(JSON.stringify(rung.body)));
  core.happen(rung);
  core.happen(lost);
  expect(await firstLook()).toMatchObject({ event: 'catchup.completed', read: 2, gaps: 1 });
  expect((await bench.queue.backlog()).waitingEvents).toBe(2);
});
