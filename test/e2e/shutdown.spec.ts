import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { prepareStoryMarketplace, type Store } from '../support/story-marketplace.ts';

/** What the app promises the platform; its own calls may hang for twice as long. */
const SHUTDOWN_WITHIN_MS = 10_000;
const HANGS_MS = 60_000;

let local: LocalMarketplace;
let store: Store;
beforeEach(async () => {
  ({ local, store } = await prepareStoryMarketplace());
  await local.instance.launch();
  expect(local.instance.state).toBe('Running');
});
afterEach(() => local.close());

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < 60_000 && !(await isSo());)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

it('ends in time and with 0 although everybody it has asked says nothing, and goes on with that work afterwards', async () => {
  let isHanging = 0;
  let isSilent = true;
  const when = () => isSilent && ++isHanging > 0;
  local.core.faults.add({ path: '/policy', delayMs: HANGS_MS, times: Infinity, when });
  const [event] = local.events;
  if (event === undefined) throw new Error('the story has events');
  await local.moveTo((local.events.at(-1)?.atMs ?? 0) + 60_000);
  for (const each of local.events) local.core.story.change(each);
  const issue = local.events.find(({ type }) => type === 'policy.issue') ?? event;
  local.core.story.record(issue);
  expect((await local.core.webhooks.ring(issue)).map(({ status }) => status)).toContain(200);
  await until(() => isHanging > 0);

  const startedMs = performance.now();
  await local.app.kill('SIGTERM');
  expect(performance.now() - startedMs).toBeLessThan(SHUTDOWN_WITHIN_MS);
  expect(local.app.processes.map(({ exitCode }) => exitCode)).toEqual(local.app.processes.map(() => 0));

  isSilent = false;
  await local.app.start();
  // A process that was just started knows no tenant until somebody calls for one.
  expect((await fetch(`${local.router.url}/health`)).status).toBe(200);
  const stateOf = async () => (await store.events()).find(({ id }) => id === issue.id)?.state;
  await until(async () => (await stateOf()) === 'delivered');
  expect(await stateOf()).toBe('delivered');
}, 180_000);
