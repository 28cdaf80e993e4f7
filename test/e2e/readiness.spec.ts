import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { imageEnvironment } from '../../sandbox/app-process/image-environment.ts';
import { SqliteQueue } from '../../src/queue/sqlite/sqlite-queue.js';
import { shortHash } from '../../src/state/short-hash.js';
import { prepareStoryMarketplace } from '../support/story-marketplace.ts';

const LOST_TIMER = new URL('../support/preload/lost-timer.js', import.meta.url);
const TENANT = shortHash('demo-configeditor.co.sandbox.socotra.com');
const HOURS_MS = 3_600_000;

/** The built app as the platform's probes see it: alive is one thing, ready another. */
describe('the probes of the built app', () => {
  let local: LocalMarketplace;

  beforeEach(async () => {
    const { NODE_OPTIONS } = imageEnvironment();
    const environment = { NODE_OPTIONS: `${NODE_OPTIONS} --import ${LOST_TIMER.href}` };
    ({ local } = await prepareStoryMarketplace(environment, 1));
  });
  afterEach(() => local.close());

  const processOf = () => {
    const [process] = local.app.processes;
    if (process === undefined) throw new Error('an app has at least one process');
    return process;
  };

  async function ask(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${local.app.url}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (const startedMs = performance.now(); !(await isSo()); await new Promise((go) => setTimeout(go, 20))) {
      if (performance.now() - startedMs > 120_000) throw new Error('it never came');
    }
  }

  it('ready, in less than 100 ms, before any tenant has called; nobody is named', async () => {
    await local.app.start();
    const first = await ask('/health/ready');
    expect(first).toEqual({
      status: 200,
      body: {
        status: 'ready',
        queue: 'up',
        worker: 'up',
        backlog: 'up',
        workerSilentSeconds: expect.any(Number),
        backlogAgeSeconds: 0,
      },
    });
    const takenMs: number[] = [];
    for (let probe = 0; probe < 11; probe++) {
      const startedMs = performance.now();
      await ask('/health/ready');
      takenMs.push(performance.now() - startedMs);
    }
    expect(takenMs.toSorted((a, b) => a - b)[5]).toBeLessThan(100);
  });

  it('not ready while old work is worked off, and ready again afterwards; alive all the time', async () => {
    const queue = SqliteQueue.open(processOf().dataDir, { settleMs: 0, settleMaxMs: 0 });
    const receivedAtMs = local.time.now() - 2 * HOURS_MS;
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const payload = {
          id: `old-${index}`,
          type: 'policy.update',
          occurredAtMs: 1,
          locators: { policyLocator: `9${index}` },
        };
        const event = {
          id: payload.id,
          type: payload.type,
          root: `policy:9${index}`,
          payload: JSON.stringify(payload),
        };
        return queue.append({ ...event, tenant: TENANT, occurredAtMs: receivedAtMs, receivedAtMs });
      }),
    );
    await queue.close();
    await local.app.start();
    const launched = local.instance.launch();
    await until(async () => (await ask('/health/ready')).status === 503);
    const behind = await ask('/health/ready');
    expect(behind).toMatchObject({
      status: 503,
      body: { status: 'not_ready', queue: 'up', worker: 'up', backlog: 'down' },
    });
    expect(behind.body.backlogAgeSeconds).toBeGreaterThanOrEqual(7_200);
    expect(JSON.stringify(behind.body)).not.toContain(TENANT);
    expect((await ask('/health')).status).toBe(200);
    await launched;
    await until(async () => (await ask('/health/ready')).status === 200);
  });

  it('not ready when the worker hangs; alive, because a restart is for people to decide', async () => {
    await local.app.start();
    process.kill(processOf().pid ?? 0, 'SIGUSR2');
    await until(async () => (await ask('/health/ready')).status === 503);
    expect((await ask('/health/ready')).body).toMatchObject({ queue: 'up', worker: 'down', backlog: 'up' });
    expect((await ask('/health')).status).toBe(200);
  });

  it('neither ready nor alive while the queue takes nothing, and both again when it does', async () => {
    await local.app.start();
    // The app may be writing at this moment.
    const blocker = new DatabaseSync(join(processOf().dataDir, 'queue.sqlite'), { timeout: 5_000 });
    blocker.exec('BEGIN IMMEDIATE');
    const refused = await fetch(`${local.app.url}/webhook-notify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-smp-key': local.tenant.key },
      body: JSON.stringify({ id: 'e-1', type: 'policy.update', timestamp: '1', data: { policyLocator: '1' } }),
    });
    expect(refused.status).toBe(503);
    expect(await ask('/health/ready')).toMatchObject({ status: 503, body: { status: 'not_ready', queue: 'down' } });
    expect((await ask('/health')).status).toBe(503);
    blocker.exec('ROLLBACK');
    blocker.close();
    expect(await ask('/health/ready')).toMatchObject({ status: 200, body: { queue: 'up' } });
  });
});
