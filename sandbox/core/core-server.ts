import { randomBytes } from 'node:crypto';
import { Faults } from '../http/faults.ts';
import { objectOf, textOf, tryParseJson, type JsonValue } from '../http/json.ts';
import {
  jsonListener,
  listenOnLoopback,
  type LoopbackServer,
  type ReceivedRequest,
  type Reply,
} from '../http/loopback-server.ts';
import type { StoryEvent } from '../story/story-events.ts';
import { AuxData } from './aux-data.ts';
import { readFromCore } from './core-routes.ts';
import { eventPage } from './event-stream.ts';
import { StoryCore } from './story-core.ts';
import { TenantTokens } from './tenant-tokens.ts';
import { Webhooks, type FailureHandlingMode, type RingResult } from './webhooks.ts';

const NOT_FOUND: Reply = { status: 404, body: { message: 'not found' } };

/** Core as one tenant sees it, on loopback. */
export interface CoreServer {
  readonly server: LoopbackServer;
  readonly story: StoryCore;
  readonly faults: Faults;
  readonly tokens: TenantTokens;
  readonly webhooks: Webhooks;
  /** What the Marketplace uses to manage webhooks; the app never sees it. */
  readonly adminToken: string;
  /** How many requests were answered, by status. */
  readonly answered: ReadonlyMap<number, number>;
  /**
   * Lets the event happen and sends it to every webhook that asked for it. The event stream tells of it when they have
   * answered, so that whoever reads the stream finds nothing there that is still ringing.
   */
  ring(event: StoryEvent): Promise<readonly RingResult[]>;
}

export async function startCore(events: readonly StoryEvent[]): Promise<CoreServer> {
  const story = new StoryCore(events);
  const faults = new Faults();
  const tokens = new TenantTokens(() => story.nowMs);
  const webhooks = new Webhooks();
  const auxData = new AuxData();
  const adminToken = randomBytes(24).toString('base64url');
  const answered = new Map<number, number>();

  const answer = async (request: ReceivedRequest): Promise<Reply> => {
    const { authorization } = request.headers;
    if (request.path === '/webhooks' || request.path.startsWith('/webhooks/')) {
      if (authorization !== `Bearer ${adminToken}`) return { status: 403, body: { message: 'admin account needed' } };
      return manageWebhooks(webhooks, request);
    }
    if (!tokens.accepts(authorization)) return { status: 401, body: { message: 'token missing, unknown or expired' } };
    return tenantRequest(request, story, tokens, auxData);
  };
  const server = await listenOnLoopback(
    jsonListener(async (request) => {
      const reply = await faults.around(request, () => answer(request));
      const status = reply === 'hang-up' ? 0 : reply.status;
      answered.set(status, (answered.get(status) ?? 0) + 1);
      return reply;
    }),
  );
  return {
    server,
    story,
    faults,
    tokens,
    webhooks,
    adminToken,
    answered,
    ring: async (event) => {
      story.change(event);
      const results = await webhooks.ring(event);
      story.record(event);
      return results;
    },
  };
}

function tenantRequest(request: ReceivedRequest, story: StoryCore, tokens: TenantTokens, auxData: AuxData): Reply {
  const { method, path, query, body } = request;
  if (path.startsWith('/auxData/')) {
    const [locator = '', key] = path.slice('/auxData/'.length).split('/').map(decodeURIComponent);
    return auxData.handle(method, locator, key, body);
  }
  if (method === 'POST' && path === '/account/renewAuthentication') {
    const { token, expiresMs } = tokens.issue();
    return { status: 200, body: { authorizationToken: token, expiresTimestamp: String(expiresMs) } };
  }
  if (method !== 'GET') return { status: 405, body: { message: 'only reading is emulated here' } };
  if (path === '/eventstream/attributedEvents' || path === '/eventstream/events') {
    const page = eventPage(story.happened, query, path.endsWith('attributedEvents'));
    return page === undefined
      ? { status: 400, body: { message: 'startTimestamp or pagingToken needed' } }
      : { status: 200, body: page };
  }
  return found(readFromCore(story.world, path));
}

function manageWebhooks(webhooks: Webhooks, request: ReceivedRequest): Reply | Promise<Reply> {
  const [, , name = '', action, transactionId = '', resend] = request.path.split('/').map(decodeURIComponent);
  const call = `${request.method} ${action ?? ''}`.trim();
  if (name === '') {
    if (call === 'PUT') return putWebhook(webhooks, request.body);
    return { status: 200, body: webhooks.list().map((webhook) => ({ ...webhook })) };
  }
  if (call === 'GET') return found(webhookNamed(webhooks, name));
  if (call === 'DELETE') return webhooks.remove(name) ? { status: 200 } : NOT_FOUND;
  if (call === 'PATCH unsuspend') return webhooks.unsuspend(name) ? { status: 200 } : NOT_FOUND;
  if (call === 'GET diverted') return found(webhooks.diverted(name)?.map((event) => event.body));
  if (call === 'DELETE diverted') return webhooks.takeDiverted(name, transactionId) ? { status: 200 } : NOT_FOUND;
  if (call === 'POST diverted' && resend === 'resend') return resendDiverted(webhooks, name, transactionId);
  return NOT_FOUND;
}

function webhookNamed(webhooks: Webhooks, name: string): JsonValue | undefined {
  const webhook = webhooks.list().find((candidate) => candidate.name === name);
  return webhook === undefined ? undefined : { ...webhook };
}

async function resendDiverted(webhooks: Webhooks, name: string, transactionId: string): Promise<Reply> {
  const events = webhooks.takeDiverted(name, transactionId);
  if (events === undefined) return NOT_FOUND;
  for (const event of events) await webhooks.ringOne(name, event);
  return { status: 200 };
}

function putWebhook(webhooks: Webhooks, body: string): Reply {
  const request = objectOf(tryParseJson(body));
  const events = Array.isArray(request.events) ? request.events.map((name: JsonValue) => textOf(name)) : [];
  const [name, url] = [textOf(request.name), textOf(request.url)];
  if (name === '' || url === '' || events.length === 0) {
    return { status: 400, body: { message: 'name, url and events are needed' } };
  }
  webhooks.register({ name, url, events, failureHandlingMode: failureMode(textOf(request.failureHandlingMode)) });
  return { status: 200 };
}

function failureMode(name: string): FailureHandlingMode {
  return name === 'divert' || name === 'suspend' ? name : 'none';
}

function found(body: JsonValue | undefined): Reply {
  return body === undefined ? NOT_FOUND : { status: 200, body };
}
