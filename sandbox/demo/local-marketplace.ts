import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppFleet } from '../app-process/app-fleet.ts';
import { startCore, type CoreServer } from '../core/core-server.ts';
import type { LoopbackServer } from '../http/loopback-server.ts';
import { Instance } from '../marketplace/instance.ts';
import { readManifest, type Manifest } from '../marketplace/manifest.ts';
import { startRouter } from '../marketplace/router.ts';
import { startStateApi, type StateApi } from '../marketplace/state-api.ts';
import { COMMON_SETTINGS, Tenant } from '../marketplace/tenant.ts';
import { readStoryEvents, type StoryEvent } from '../story/story-events.ts';
import { StoryTime } from '../story/story-time.ts';
import { DEMO_TARGETS, type DemoTarget, type DemoTargetName } from './demo-target.ts';
import { EventBook } from './event-book.ts';

/** The app that is launched: its manifest and its compiled entry point. */
export interface LaunchedApp {
  readonly manifest: URL;
  readonly main: URL;
}

export const BUILT_APP: LaunchedApp = {
  manifest: new URL('../../socotra-app.json', import.meta.url),
  main: new URL('../../dist/main.js', import.meta.url),
};

/** The parts of the picture that change on their own; whoever shows them asks again for what has changed. */
export type Section = 'instance' | 'events' | 'records' | 'log';

/** Core, the Marketplace, a target and the app, all on loopback. */
export interface LocalMarketplace {
  readonly manifest: Manifest;
  readonly events: readonly StoryEvent[];
  readonly time: StoryTime;
  readonly core: CoreServer;
  readonly stateApi: StateApi;
  readonly target: DemoTarget;
  readonly app: AppFleet;
  readonly tenant: Tenant;
  readonly instance: Instance;
  readonly router: LoopbackServer;
  readonly book: EventBook;
  /** Calls the listener with the section that has changed; the result ends that. */
  onChange(listener: (section: Section) => void): () => void;
  /** Moves the story on to a later moment (ms), for the stand-ins and the app alike. */
  moveTo(storyMs: number): Promise<void>;
  /** Stops the instance as the platform does, ends the app, closes the servers, removes what was on disk. */
  close(): Promise<void>;
}

export type Preparation =
  | { readonly ok: true; readonly local: LocalMarketplace }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Starts everything but the app itself; `instance.launch()` does that.
 *
 * @param environment variables of the app on top of the demo's own
 * @param replicas in how many processes the app runs; several need a `DATABASE_URL`
 */
export async function prepareLocalMarketplace(
  launched = BUILT_APP,
  environment: Readonly<Record<string, string>> = {},
  targetName: DemoTargetName = 'rest',
  replicas = 1,
): Promise<Preparation> {
  const absent = [launched.manifest, launched.main].filter((file) => !existsSync(file));
  if (absent.length > 0) {
    const problems = absent.map(
      (file) => `${basename(file.pathname)} is missing: run npm run build and npm run manifest.`,
    );
    return { ok: false, problems };
  }
  const reading = readManifest(readFileSync(launched.manifest, 'utf8'));
  if (!reading.ok) return { ok: false, problems: reading.problems.map((problem) => `socotra-app.json: ${problem}`) };
  const local = await start(reading.manifest, launched.main, environment, targetName, replicas);
  return { ok: true, local };
}

async function start(
  manifest: Manifest,
  main: URL,
  environment: Readonly<Record<string, string>>,
  targetName: DemoTargetName,
  replicas: number,
): Promise<LocalMarketplace> {
  const listeners = new Set<(section: Section) => void>();
  const changed = (section: Section) => listeners.forEach((listener) => listener(section));
  const events = readStoryEvents();
  const time = new StoryTime((events[0]?.atMs ?? 0) - 60_000);
  const core = await startCore(events);
  const target = await DEMO_TARGETS[targetName]({
    now: () => time.now(),
    beforeMove: () => time.beforeMove(),
    onChange: () => changed('records'),
  });
  const { standIn } = target;
  const settings = { target: standIn.id, ...COMMON_SETTINGS, ...standIn.settings, ...target.settings };
  const tenant = new Tenant(manifest, settings);
  const stateApi = await startStateApi(tenant, core.server.url, core.tokens);
  const surroundings = {
    stateApi: stateApi.server.url,
    allowed: [core.server.host, ...standIn.hosts],
    now: () => time.now(),
    main,
    environment,
  };
  const app = await AppFleet.prepare(surroundings, replicas);
  const router = await startRouter(tenant.key, () => {
    const process = app.next();
    return process && { host: '127.0.0.1', port: process.port };
  });
  const book = new EventBook(() => changed('events'));
  app.log.listen((line) => {
    book.logged(line);
    changed('log');
  });
  const instance = new Instance(
    {
      manifest,
      route: router.url,
      core: { url: core.server.url, adminToken: core.adminToken },
      startContainer: async () => {
        await app.start();
        return app.url;
      },
      containerRuns: () => app.running,
    },
    () => changed('instance'),
  );
  return {
    manifest,
    events,
    time,
    core,
    stateApi,
    target,
    app,
    tenant,
    instance,
    router,
    book,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    moveTo: async (storyMs) => {
      time.moveTo(storyMs);
      await app.setClock(time.now());
    },
    close: async () => {
      await instance.stop();
      instance.close();
      await app.dispose();
      await Promise.all([router, stateApi.server, standIn, core.server].map((server) => server.close()));
    },
  };
}
