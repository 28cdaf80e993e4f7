import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess } from '../app-process/app-process.ts';
import type { LogLine } from '../app-process/log-lines.ts';
import { type CoreServer, startCore } from '../core/core-server.ts';
import { DEMO_TARGETS, type DemoTarget } from '../demo/demo-target.ts';
import { BUILT_APP } from '../demo/local-marketplace.ts';
import { textOf } from '../http/json.ts';
import { Instance } from '../marketplace/instance.ts';
import { readManifest } from '../marketplace/manifest.ts';
import { startRouter } from '../marketplace/router.ts';
import { startStateApi } from '../marketplace/state-api.ts';
import { COMMON_SETTINGS, Tenant } from '../marketplace/tenant.ts';
import type { PostgresServer } from '../postgres/postgres-server.ts';
import { readStoryEvents, type StoryEvent } from '../story/story-events.ts';
import { StoryTime } from '../story/story-time.ts';
import { Gate } from './gate.ts';
import { MOST_COMMIT_KILLS, type RunPlan } from './plan.ts';
import { Platform } from './platform.ts';
import { PostgresStore, SqliteStore, type StoreUnderTest } from './store-under-test.ts';
import { WriteHistory } from './write-history.ts';

const COMMIT_BOUNDARIES = new URL('./commit-boundaries.js', import.meta.url);
/** Before it is bundled: inside the bundle the driver of PostgreSQL cannot be watched. */
const COMPILED_MAIN = new URL('../../build/main.js', import.meta.url);
const LAUNCH_ATTEMPTS = 5;
/** Quick times, so that a run takes seconds; and nothing is forgotten, although a year of the story passes in them. */
const TIMES = {
  SETTLE_MS: '80',
  SETTLE_MAX_MS: '600',
  STATE_TTL_MS: '500',
  RETENTION_MS: '300000000000',
  DEDUPE_MS: '300000000000',
};
const SCHEDULES = { patient: '150,300,600,1200,2500,5000,5000,5000,5000', short: '50,100' };
const QUICK_CATCH_UP_MS = '400';

/** Everything around the app in one run, with the places where it can be disturbed. */
export interface World {
  readonly plan: RunPlan;
  readonly events: readonly StoryEvent[];
  readonly core: CoreServer;
  readonly target: DemoTarget;
  readonly apps: readonly AppProcess[];
  readonly platform: Platform;
  readonly store: StoreUnderTest;
  readonly gates: Readonly<Record<'core' | 'state' | 'target', Gate>>;
  readonly history: WriteHistory;
  /** Variables with which the operators' commands find the queue, and the story's time. */
  readonly operatorsEnvironment: () => Readonly<Record<string, string>>;
  /** Lines of the app that tell of a bug. */
  readonly crashes: readonly string[];
  /** How many commits there were, and at which ones a process died. */
  readonly commits: () => CommitCounts;
  moveTo(storyMs: number): Promise<void>;
  /** Processes kill themselves no more from their next life on. */
  spare(): void;
  close(): Promise<void>;
}

export interface CommitCounts {
  readonly commits: number;
  /** As `<number> before|after`. */
  readonly kills: readonly string[];
}

export interface WorldOptions {
  /** Where a shared queue's database is made. */
  readonly server?: PostgresServer | undefined;
  /** Loaded into the app: a sabotage. */
  readonly preloads?: readonly URL[];
}

/** Starts everything, the app included, up to the state Running. */
export async function openWorld(plan: RunPlan, { server, preloads = [] }: WorldOptions): Promise<World> {
  const reading = readManifest(readFileSync(BUILT_APP.manifest, 'utf8'));
  if (!reading.ok) throw new Error(reading.problems.join(' '));
  const { manifest } = reading;
  const events = readStoryEvents();
  const time = new StoryTime((events[0]?.atMs ?? 0) - 60_000);
  const history = new WriteHistory();
  const core = await startCore(events);
  const target: DemoTarget = await DEMO_TARGETS[plan.target]({
    now: () => time.now(),
    beforeMove: () => time.beforeMove(),
    onChange: () => history.note(target.standIn.records()),
  });
  const { standIn } = target;
  const [coreGate, targetGate] = await Promise.all([
    Gate.before(core.server.host),
    Gate.before(standIn.hosts[0] ?? ''),
  ]);
  const settings = throughGate(targetGate, standIn.hosts[0] ?? '', {
    target: standIn.id,
    ...COMMON_SETTINGS,
    ...standIn.settings,
    ...target.settings,
    ...(plan.records === 'together' && { 'batch-size': '100' }),
  });
  const tenant = new Tenant(manifest, settings);
  const stateApi = await startStateApi(tenant, `http://${coreGate.host}`, core.tokens);
  const stateGate = await Gate.before(stateApi.server.host);
  const gates = { core: coreGate, state: stateGate, target: targetGate };
  const database = plan.store === 'postgres' ? await server?.createDatabase() : undefined;
  const apps = await Promise.all(
    Array.from({ length: plan.replicas }, () =>
      AppProcess.prepare({
        stateApi: `http://${stateGate.host}`,
        allowed: [coreGate.host, targetGate.host, ...standIn.hosts],
        now: () => time.now(),
        main: plan.store === 'postgres' ? COMPILED_MAIN : BUILT_APP.main,
        preloads: [COMMIT_BOUNDARIES, ...preloads],
        environment: {
          ...TIMES,
          RETRY_SCHEDULE_MS: SCHEDULES[plan.retries],
          CATCH_UP_INTERVAL_MS: plan.recovery === 'event stream' ? QUICK_CATCH_UP_MS : '0',
          ...(database !== undefined && { DATABASE_URL: database }),
        },
      }),
    ),
  );
  const crashes: string[] = [];
  for (const app of apps) app.log.listen((line) => crashes.push(...crashIn(line)));
  const folder = mkdtempSync(join(tmpdir(), 'socotra-sync-faults-'));
  const commitsOf = (replica: number) => join(folder, `commits-${replica}`);
  const dataDir = apps[0]?.dataDir ?? '';
  const store = await storeOf(plan, dataDir, server, database);
  let isSpared = false;
  const platform = new Platform({
    apps,
    key: tenant.key,
    now: () => time.now(),
    environmentOf: (replica) => ({
      FAULTS_COMMITS: commitsOf(replica),
      ...(replica === 0 && !isSpared && killsAt(commitsOf(0)).length < MOST_COMMIT_KILLS && killsOf(plan)),
    }),
    born: (replica) => store.born(replica),
    died: (replica) => store.died(replica),
  });
  const router = await startRouter(tenant.key, () => {
    const app = platform.next();
    return app && { host: '127.0.0.1', port: app.port };
  });
  const instance = new Instance(
    {
      manifest,
      route: router.url,
      core: { url: core.server.url, adminToken: core.adminToken },
      startContainer: async () => apps[0]?.url ?? '',
      containerRuns: () => true,
    },
    () => undefined,
  );
  const world: World = {
    plan,
    events,
    core,
    target,
    apps,
    platform,
    store,
    gates,
    history,
    crashes,
    operatorsEnvironment: () => ({
      STORY_TIME_MS: String(time.now()),
      TZ: 'UTC',
      ...(database === undefined ? { DATA_DIR: dataDir } : { DATABASE_URL: database }),
    }),
    commits: () => countCommits(apps.map((_app, replica) => commitsOf(replica))),
    moveTo: async (storyMs) => {
      time.moveTo(storyMs);
      await platform.setClocks();
    },
    spare: () => {
      isSpared = true;
    },
    close: async () => {
      instance.close();
      await platform.close();
      await store.close();
      await Promise.all(apps.map((app) => app.dispose()));
      await Promise.all([router, stateApi.server, standIn, core.server].map((one) => one.close()));
      await Promise.all(Object.values(gates).map((gate) => gate.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await platform.start();
  await launch(instance, platform);
  return world;
}

/** A process may kill itself during Start; then somebody presses the button again once it is back. */
async function launch(instance: Instance, platform: Platform): Promise<void> {
  for (let attempt = 1; instance.state !== 'Running'; attempt++) {
    await instance.launch();
    if (attempt === LAUNCH_ATTEMPTS && instance.state === 'Error') throw new Error(instance.message);
    if (instance.state === 'Error') await platform.whole();
  }
}

function throughGate(gate: Gate, host: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.replace(host, gate.host)]));
}

async function storeOf(
  plan: RunPlan,
  dataDir: string,
  server: PostgresServer | undefined,
  database: string | undefined,
): Promise<StoreUnderTest> {
  if (plan.store === 'sqlite')
    return SqliteStore.in(
      dataDir,
      plan.faults.some(({ kind }) => kind === 'disk-full'),
    );
  if (server === undefined || database === undefined) throw new Error('A run on PostgreSQL needs a server.');
  return new PostgresStore(server, database, !plan.faults.some(({ kind }) => kind === 'lease-expiry'));
}

function killsOf({ commitKills }: RunPlan): Readonly<Record<string, string>> {
  if (commitKills === undefined) return {};
  return { FAULTS_KILL: `${commitKills.first},${commitKills.every},${commitKills.moment}` };
}

function countCommits(files: readonly string[]): CommitCounts {
  return {
    commits: files.reduce((sum, file) => sum + Number(textOfFile(file)), 0),
    kills: files.flatMap(killsAt),
  };
}

function killsAt(file: string): readonly string[] {
  return textOfFile(`${file}.kills`)
    .split('\n')
    .filter((line) => line !== '');
}

function textOfFile(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** An exception that nobody expected, or Node's own last words. */
function crashIn({ event, fields }: LogLine): readonly string[] {
  const code = textOf(fields.code);
  if (event === 'app.failed' && ['uncaught', 'sync_failed'].includes(code)) return [JSON.stringify(fields)];
  const words = textOf(fields.text);
  return event === '' && /\bError\b|unhandled/i.test(words) ? [words] : [];
}
