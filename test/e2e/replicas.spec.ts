import type { AppProcess } from '../../sandbox/app-process/app-process.ts';
import { restCrmOf } from '../../sandbox/demo/demo-target.ts';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { describeWithPostgres } from '../support/postgres-server.ts';
import { prepareStoryMarketplace, type Store } from '../support/story-marketplace.ts';

const REPLICAS = 3;

/** The built app in three processes on one database, behind a router; the whole story is played through them. */
describeWithPostgres('three replicas on one database', () => {
  let local: LocalMarketplace;
  let store: Store;

  beforeEach(async () => {
    ({ local, store } = await prepareStoryMarketplace({}, REPLICAS));
    await local.instance.launch();
    expect([local.instance.state, local.instance.message]).toEqual(['Running', '']);
    // The whole story has happened in Core before the first webhook rings, as in kill.spec.ts.
    await local.moveTo((local.events.at(-1)?.atMs ?? 0) + 60_000);
    for (const event of local.events) local.core.story.happen(event);
  });
  afterEach(() => local.close());

  const inState = async (wanted: string) => (await store.events()).filter(({ state }) => state === wanted);

  async function untilSettled(): Promise<void> {
    const startedMs = performance.now();
    for (;;) {
      const waiting = await inState('waiting');
      if (waiting.length === 0) return;
      if (performance.now() - startedMs > 120_000) throw new Error(JSON.stringify(waiting));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Rings every event, and again whatever was not answered 200; `between` is called after each. */
  async function ringAll(between: (index: number) => Promise<void> | undefined): Promise<void> {
    const restarts: Promise<void>[] = [];
    for (const [index, event] of local.events.entries()) {
      for (let isAccepted = false; !isAccepted;) {
        const answers = await local.core.webhooks.ring(event);
        isAccepted = answers.length > 0 && answers.every(({ status }) => status === 200);
      }
      restarts.push(Promise.resolve(between(index)));
    }
    await Promise.all(restarts);
    // Whoever was started again after the last webhook knows the tenant only with its next call: one more for each.
    const [latest] = local.events.slice(-1);
    for (let turn = 0; turn < REPLICAS && latest !== undefined; turn++) await local.core.webhooks.ring(latest);
  }

  const linesOf = (...events: readonly string[]) => local.app.log.newest.filter(({ event }) => events.includes(event));
  // What it found in the event stream before it rang is a duplicate.
  const hasAnswered = ({ log }: AppProcess) => log.newest.some(({ event }) => /^webhook\.(acc|dup)/.test(event));

  it('share the story: every record once and newest, whichever replica took the event', async () => {
    await ringAll(() => undefined);
    await untilSettled();
    expect(await inState('dead')).toEqual([]);
    expect(local.target.problems()).toEqual([]);
    expect(restCrmOf(local).store.olderIgnored).toBe(0);
    expect(linesOf('app.failed')).toEqual([]);
    expect(local.app.processes.filter(hasAnswered)).toHaveLength(REPLICAS);
  }, 240_000);

  it('are restarted one after the other during the story: no failed sync, no duplicate record, nothing lost', async () => {
    const every = Math.floor(local.events.length / (REPLICAS + 1));
    let last = Promise.resolve();
    await ringAll((index) => {
      const app = (index + 1) % every === 0 ? local.app.processes[(index + 1) / every - 1] : undefined;
      if (app === undefined) return undefined;
      last = last.then(() => local.app.restart(app, 'SIGTERM'));
      return last;
    });
    await untilSettled();
    expect(await inState('dead')).toEqual([]);
    expect((await store.events()).length).toBe(local.events.length);
    expect(local.target.problems()).toEqual([]);
    expect(restCrmOf(local).store.olderIgnored).toBe(0);
    expect(linesOf('app.failed', 'sync.dead_lettered')).toEqual([]);
    expect(linesOf('app.stopped')).toHaveLength(REPLICAS);
  }, 240_000);

  it('lose nothing when one is killed: the others take its roots over once it is not heard of any more', async () => {
    const [victim] = local.app.processes;
    if (victim === undefined) throw new Error('there are three');
    const middle = Math.floor(local.events.length / 2);
    await ringAll((index) => (index === middle ? local.app.restart(victim, 'SIGKILL') : undefined));
    await untilSettled();
    expect(await inState('dead')).toEqual([]);
    expect(local.target.problems()).toEqual([]);
  }, 240_000);
});
