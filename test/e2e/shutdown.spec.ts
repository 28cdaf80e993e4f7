import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
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

/** What somebody may have open when the end comes: each is closed, and nobody keeps the process from ending well. */
describe('ends with 0 while somebody', () => {
  let sockets: Socket[];
  beforeEach(() => (sockets = []));
  afterEach(() => sockets.forEach((socket) => socket.destroy()));

  const opened = async (first?: string): Promise<void> => {
    for (const { port } of local.app.processes) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
      if (first !== undefined) socket.write(first);
    }
  };

  /** A webhook for each process on a connection that the client would keep, in hand because the State API is slow. */
  async function rungSlowly(): Promise<readonly Promise<string>[]> {
    let asked = 0;
    local.stateApi.faults.add({ path: '/', delayMs: 1_000, times: Infinity, when: () => ++asked > 0 });
    const agent = new Agent({ keepAlive: true });
    const answers = local.app.processes.map(
      ({ port }) =>
        new Promise<string>((resolve, reject) => {
          const headers = { 'content-type': 'application/json', 'x-smp-key': 'another-key' };
          const call = { port, host: '127.0.0.1', agent, method: 'POST', path: '/webhook-notify', headers };
          request(call, (response) => resolve(String(response.statusCode)))
            .on('error', reject)
            .on('socket', (socket) => sockets.push(socket))
            .end('{}');
        }),
    );
    await until(() => asked >= answers.length);
    return answers;
  }

  async function endedWithinMs(): Promise<number> {
    const startedMs = performance.now();
    await local.app.kill('SIGTERM');
    const tookMs = performance.now() - startedMs;
    expect(local.app.processes.map(({ exitCode }) => exitCode)).toEqual(local.app.processes.map(() => 0));
    expect(local.app.log.newest.filter(({ event }) => event === 'app.stopped')).toHaveLength(
      local.app.processes.length,
    );
    return tookMs;
  }

  it('has a connection and says nothing', async () => {
    await opened();
    expect(await endedWithinMs()).toBeLessThan(5_000);
  });

  it('never sends the rest of a request', async () => {
    await opened('POST /webhook-notify HTTP/1.1\r\nhost: app\r\ncontent-length: 100\r\n\r\n{');
    expect(await endedWithinMs()).toBeLessThan(SHUTDOWN_WITHIN_MS);
  });

  it('keeps its connection after the last answer', async () => {
    const answers = await rungSlowly();
    expect(await endedWithinMs()).toBeLessThan(5_000);
    expect(await Promise.all(answers)).toEqual(answers.map(() => '401'));
  });
});
