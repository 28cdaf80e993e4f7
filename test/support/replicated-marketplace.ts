import { AppProcess } from '../../sandbox/app-process/app-process.ts';
import { type CoreServer, startCore } from '../../sandbox/core/core-server.ts';
import { DEMO_TARGETS, type DemoTarget, type DemoTargetName } from '../../sandbox/demo/demo-target.ts';
import { BUILT_APP } from '../../sandbox/demo/local-marketplace.ts';
import { readFileSync } from 'node:fs';
import { Instance } from '../../sandbox/marketplace/instance.ts';
import { readManifest } from '../../sandbox/marketplace/manifest.ts';
import { startRouter } from '../../sandbox/marketplace/router.ts';
import { startStateApi } from '../../sandbox/marketplace/state-api.ts';
import { COMMON_SETTINGS, Tenant } from '../../sandbox/marketplace/tenant.ts';
import { readStoryEvents, type StoryEvent } from '../../sandbox/story/story-events.ts';
import { StoryTime } from '../../sandbox/story/story-time.ts';

/** The built app in several processes on one database, behind a router that asks one after the other. */
export interface ReplicatedMarketplace {
  readonly events: readonly StoryEvent[];
  readonly core: CoreServer;
  readonly target: DemoTarget;
  readonly apps: readonly AppProcess[];
  readonly instance: Instance;
  readonly url: string;
  moveTo(storyMs: number): Promise<void>;
  /** As platforms do: no more requests, SIGTERM, a new process, requests again once it is healthy. */
  restart(app: AppProcess): Promise<void>;
  /** The process dies without warning; a new one takes its place. */
  kill(app: AppProcess): Promise<void>;
  close(): Promise<void>;
}

export async function prepareReplicatedMarketplace(
  databaseUrl: string,
  replicas: number,
  targetName: DemoTargetName = 'rest',
): Promise<ReplicatedMarketplace> {
  const reading = readManifest(readFileSync(BUILT_APP.manifest, 'utf8'));
  if (!reading.ok) throw new Error(reading.problems.join(' '));
  const { manifest } = reading;
  const events = readStoryEvents();
  const time = new StoryTime((events[0]?.atMs ?? 0) - 60_000);
  const core = await startCore(events);
  const target = await DEMO_TARGETS[targetName]({
    now: () => time.now(),
    beforeMove: () => time.now(),
    onChange: () => undefined,
  });
  const { standIn } = target;
  const settings = { target: standIn.id, ...COMMON_SETTINGS, ...standIn.settings, ...target.settings };
  const tenant = new Tenant(manifest, settings);
  const stateApi = await startStateApi(tenant, core.server.url, core.tokens);
  const apps = await Promise.all(
    Array.from({ length: replicas }, () =>
      AppProcess.prepare({
        stateApi: stateApi.server.url,
        allowed: [core.server.host, ...standIn.hosts],
        now: () => time.now(),
        main: BUILT_APP.main,
        environment: { DATABASE_URL: databaseUrl },
      }),
    ),
  );
  const inRotation = new Set<AppProcess>();
  let turn = 0;
  const router = await startRouter(tenant.key, () => {
    const open = [...inRotation];
    const app = open[turn++ % Math.max(1, open.length)];
    return app && { host: '127.0.0.1', port: app.port };
  });
  const startApp = async (app: AppProcess) => {
    app.start();
    await untilHealthy(app);
    await app.setClock(time.now());
    inRotation.add(app);
  };
  const instance = new Instance(
    {
      manifest,
      route: router.url,
      core: { url: core.server.url, adminToken: core.adminToken },
      startContainer: async () => {
        await Promise.all(apps.map(startApp));
        return router.url;
      },
      containerRuns: () => inRotation.size > 0,
    },
    () => undefined,
  );
  const end = async (app: AppProcess, signal: 'SIGTERM' | 'SIGKILL') => {
    inRotation.delete(app);
    await app.kill(signal);
    await startApp(app);
  };
  return {
    events,
    core,
    target,
    apps,
    instance,
    url: router.url,
    moveTo: async (storyMs) => {
      time.moveTo(storyMs);
      await Promise.all(apps.map((app) => app.setClock(time.now())));
    },
    restart: (app) => end(app, 'SIGTERM'),
    kill: (app) => end(app, 'SIGKILL'),
    close: async () => {
      await instance.stop();
      instance.close();
      await Promise.all(apps.map((app) => app.dispose()));
      await Promise.all([router, stateApi.server, standIn, core.server].map((server) => server.close()));
    },
  };
}

async function untilHealthy(app: AppProcess): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < 120_000;) {
    const status = await fetch(`${app.url}/health`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('A replica did not become healthy.');
}
