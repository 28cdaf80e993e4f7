import { AppProcess } from '../../sandbox/app-process/app-process.ts';
import { type CoreServer, startCore } from '../../sandbox/core/core-server.ts';
import { BUILT_APP } from '../../sandbox/demo/local-marketplace.ts';
import { jsonListener, listenOnLoopback, type LoopbackServer } from '../../sandbox/http/loopback-server.ts';
import { startRouter } from '../../sandbox/marketplace/router.ts';
import { readStoryEvents, type StoryEvent } from '../../sandbox/story/story-events.ts';
import { StoryTime } from '../../sandbox/story/story-time.ts';
import { type HubspotStandIn, startHubspot } from '../../sandbox/targets/hubspot/hubspot.ts';
import { startRest } from '../../sandbox/targets/rest-crm/rest-stand-in.ts';

export const POLICY = '100004200';
export const TOKENS = { harbor: 'harbor-console-token-1', meadow: 'meadow-console-token-2' } as const;

type TenantName = keyof typeof TOKENS;

/** One tenant of the app, at the address that the Marketplace's router gives its instance. */
interface SceneTenant {
  readonly url: string;
  readonly key: string;
  /** What the State API says; a test may change it. */
  settings: Readonly<Record<string, string>>;
}

/**
 * The built app in a process of its own with two tenants, each behind its own router: `harbor` keeps a HubSpot in step,
 * `meadow` a REST receiver. Both have the story's Core, up to the moment that the scene has reached.
 */
export interface ConsoleScene {
  readonly app: AppProcess;
  readonly core: CoreServer;
  readonly hubspot: HubspotStandIn;
  readonly rest: Awaited<ReturnType<typeof startRest>>;
  readonly tenants: Readonly<Record<TenantName, SceneTenant>>;
  /** Lets Core's story happen up to this event, without a webhook. The app's clock goes along unless it is to notice nothing. */
  happenUntil(type: string, clock?: 'goes along' | 'stays'): Promise<void>;
  /** Rings the webhook of this event at a tenant. */
  ring(tenant: TenantName, type: string, id?: string): Promise<number>;
  /** Waits until the app has written so many lines of this kind. */
  lines(event: string, count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startConsoleScene(): Promise<ConsoleScene> {
  const events = readStoryEvents();
  const time = new StoryTime((events[0]?.atMs ?? 0) - 60_000);
  const now = () => time.now();
  const core = await startCore(events);
  const [hubspot, rest] = await Promise.all([
    startHubspot({ now, customObjects: true, noteKeys: true }),
    startRest({ now }),
  ]);
  const tenants = {
    harbor: {
      url: '',
      key: 'key-of-harbor',
      settings: { target: 'hubspot', environment: 'sandbox', 'console-token': TOKENS.harbor, ...hubspot.settings },
    },
    meadow: {
      url: '',
      key: 'key-of-meadow',
      settings: { target: 'rest', environment: 'sandbox', 'console-token': TOKENS.meadow, ...rest.settings },
    },
  } satisfies Record<TenantName, SceneTenant>;
  const stateApi = await startStateApi(tenants, core);
  const app = await AppProcess.prepare({
    stateApi: stateApi.url,
    allowed: [core.server.host, ...hubspot.hosts, ...rest.hosts],
    now,
    main: BUILT_APP.main,
    environment: { STATE_TTL_MS: '0', RETRY_SCHEDULE_MS: '100' },
  });
  const routers = await Promise.all(
    Object.values(tenants).map(async (tenant) => {
      const router = await startRouter(tenant.key, () => ({ host: '127.0.0.1', port: app.port }));
      tenant.url = router.url;
      return router;
    }),
  );
  app.start();
  await until(() =>
    fetch(`${app.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const eventOf = (type: string): StoryEvent => {
    const found = events.find((event) => event.type === type);
    if (found === undefined) throw new Error(`The story has no ${type}.`);
    return found;
  };
  return {
    app,
    core,
    hubspot,
    rest,
    tenants,
    happenUntil: async (type, clock = 'goes along') => {
      const last = eventOf(type);
      for (const event of events) if (event.atMs <= last.atMs) core.story.happen(event);
      if (clock === 'stays') return;
      time.moveTo(last.atMs);
      await app.setClock(time.now());
    },
    ring: async (tenant, type, id) => {
      const { body } = eventOf(type);
      const response = await fetch(`${tenants[tenant].url}/webhook-notify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, ...(id !== undefined && { id }) }),
      });
      return response.status;
    },
    lines: (event, count) => until(async () => app.log.newest.filter((line) => line.event === event).length >= count),
    close: async () => {
      await app.dispose();
      const servers: readonly { close(): Promise<void> }[] = [...routers, stateApi, hubspot, rest, core.server];
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function startStateApi(
  tenants: Readonly<Record<TenantName, SceneTenant>>,
  { tokens, server }: CoreServer,
): Promise<LoopbackServer> {
  return listenOnLoopback(
    jsonListener(async ({ path }) => {
      const found = Object.entries(tenants).find(([, { key }]) => path === `/state/${key}`);
      if (found === undefined) return { status: 404, body: {} };
      const [name, { settings }] = found;
      const state = { mappings: [], socotraApiUrl: server.url, tenantHostName: `${name}.example` };
      return { status: 200, body: { ...state, settings: { ...settings }, token: tokens.issue().token } };
    }),
  );
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const startedMs = performance.now(); !(await isSo()); await new Promise((go) => setTimeout(go, 20))) {
    if (performance.now() - startedMs > 60_000) throw new Error('it never came');
  }
}
