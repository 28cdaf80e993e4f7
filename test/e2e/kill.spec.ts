import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verifyCrm, readExpectedCrm } from '../../sandbox/demo/verify-crm.ts';
import { type LocalMarketplace, prepareLocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';

/**
 * The built app in a process of its own, launched by the local Marketplace. It is killed without warning while it
 * accepts and delivers, and started again on the same folder, as a platform would after a crash.
 */
describe('an app that is killed in the middle of the story', () => {
  let local: LocalMarketplace;

  beforeAll(async () => {
    const preparation = await prepareLocalMarketplace();
    if (!preparation.ok) throw new Error(preparation.problems.join(' '));
    local = preparation.local;
    await local.instance.launch();
  });

  afterAll(() => local.close());

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  async function until(isDone: () => boolean, withinMs: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < withinMs && !isDone(); waitedMs += 25) await sleep(25);
  }

  /** Ends of events as the queue's file has them: a log line may die with the process that wanted to write it. */
  function endOfEvents(): { id: string; state: string }[] {
    const file = new DatabaseSync(join(local.app.dataDir, 'queue.sqlite'), { readOnly: true });
    const rows = file.prepare('SELECT id, state FROM events').all();
    file.close();
    return rows.map(({ id, state }) => ({ id: String(id), state: String(state) }));
  }

  const unsettled = () => endOfEvents().filter(({ state }) => state !== 'delivered' && state !== 'skipped');
  const endedIds = () => new Set(endOfEvents().map(({ id }) => id));

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
    local.app.start();
    for (let tries = 0; tries < 4_000 && (await appHealth()) !== 200; tries++) await sleep(25);
    await local.moveTo(local.time.now());
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
    await until(() => unsettled().length === 0, 90_000);
    expect(unsettled()).toEqual([]);
    expect([...accepted].filter((id) => !endedIds().has(id))).toEqual([]);
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
    // A machine that is slow by itself proves nothing: then it must not be much slower than without the backlog.
    expect(await medianHealthMs()).toBeLessThan(Math.max(100, 3 * idleMs));
  }, 240_000);
});
