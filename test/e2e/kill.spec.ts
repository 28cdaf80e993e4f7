import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { verifyCrm, readExpectedCrm } from '../../sandbox/demo/verify-crm.ts';
import { prepareStoryMarketplace, type Store } from '../support/story-marketplace.ts';

/**
 * The built app in processes of its own, launched by the local Marketplace. It is killed without warning while it
 * accepts and delivers, all replicas at once, and started again on the same queue, as a platform would after a crash.
 */
describe('an app that is killed in the middle of the story', () => {
  let local: LocalMarketplace;
  let store: Store;

  beforeAll(async () => {
    ({ local, store } = await prepareStoryMarketplace());
    await local.instance.launch();
    expect([local.instance.state, local.instance.message]).toEqual(['Running', '']);
  });

  afterAll(() => local.close());

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Ends of events as the queue has them: a log line may die with the process that wanted to write it. */
  async function unsettled() {
    return (await store.events()).filter(({ state }) => state !== 'delivered' && state !== 'skipped');
  }

  async function untilSettled(withinMs: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < withinMs && (await unsettled()).length > 0; waitedMs += 25) await sleep(25);
  }

  const appHealth = () =>
    fetch(`${local.router.url}/health`).then(
      ({ status }) => status,
      () => 0,
    );

  async function medianHealthMs(): Promise<number> {
    const takenMs: number[] = [];
    for (let probe = 0; probe < 21; probe++) {
      const startedMs = performance.now();
      expect(await appHealth()).toBe(200);
      takenMs.push(performance.now() - startedMs);
    }
    return takenMs.toSorted((a, b) => a - b)[10] ?? Infinity;
  }

  async function killAndStartAgain(): Promise<void> {
    await local.app.kill('SIGKILL');
    await local.app.start();
  }

  it('loses nothing: every event that was answered has an end, and the CRM holds every record once, newest', async () => {
    // The whole story has happened in Core before the first webhook rings: its clock stands still, so no token expires.
    // For the app it is the end of the story, so that nothing has to wait for time to pass.
    await local.moveTo((local.events.at(-1)?.atMs ?? 0) + 60_000);
    for (const event of local.events) local.core.story.happen(event);
    const accepted = new Set<string>();
    const kills = [local.events.length / 3, (2 * local.events.length) / 3].map(Math.floor);
    for (const [index, event] of local.events.entries()) {
      const answers = await local.core.webhooks.ring(event);
      if (answers.some(({ status }) => status === 200)) accepted.add(event.id);
      if (kills.includes(index)) await killAndStartAgain();
    }
    expect(accepted.size).toBe(local.events.length);
    await untilSettled(90_000);
    expect(await unsettled()).toEqual([]);
    const ended = new Set((await store.events()).map(({ id }) => id));
    expect([...accepted].filter((id) => !ended.has(id))).toEqual([]);
    expect(verifyCrm(readExpectedCrm(), restCrmOf(local).store)).toEqual([]);
  }, 240_000);

  it('answers /health within 100 ms while 1,000 events wait', async () => {
    const idleMs = await medianHealthMs();
    const template = local.events.find(({ type }) => type === 'policy.update');
    if (!template) throw new Error('the story has this event');
    const body = (id: number) =>
      JSON.stringify({
        id: `waiting-${id}`,
        type: 'policy.update',
        timestamp: String(template.atMs),
        data: { policyLocator: `7${id}` },
      });
    for (let first = 0; first < 1_000; first += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          fetch(`${local.router.url}/webhook-notify`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: body(first + index),
          }),
        ),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
    // A machine that is slow by itself proves nothing: then it must not be much slower than without the backlog. Replicas
    // have a machine each in the field, here they share one.
    expect(await medianHealthMs()).toBeLessThan(Math.max(100 * local.app.processes.length, 3 * idleMs));
  }, 240_000);
});
