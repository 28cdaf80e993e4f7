import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestError } from '../errors/request-error.js';
import type { Logger } from '../log/logger.js';
import { openOperatorStore, type OperatorPlace } from '../queue/operator/open-operator-queue.js';
import type { OperatorStore } from '../queue/operator/operator-store.js';
import { MOST_REPLAYED, TenantQueue } from '../queue/operator/tenant-queue.js';
import { type Queue, QueueOpenError, QueueUnavailableError } from '../queue/queue.js';
import type { TenantState } from '../state/tenant-state.js';
import type { Tenants } from '../state/tenants.js';
import { rootOfPolicy } from '../sync/policy-roots.js';
import { previewPolicy } from '../sync/preview.js';
import type { TargetFactory } from '../sync/target-factory.js';
import type { TenantReader } from '../tenants/tenant-reader.js';
import { previewAnswer } from './preview-answer.js';
import { eventAnswer, statusAnswer } from './status-answer.js';

const EVENTS_SHOWN = 50;
/** The connection to the queue is closed when nobody has asked for so long. */
const IDLE_MS = 60_000;
const STOPPED = 'The app was stopped for this tenant: what would be written is shown when it is started again.';
const LOCATOR = /^[A-Za-z0-9_-]{1,64}$/;

export interface DeskDependencies {
  readonly place: OperatorPlace;
  readonly queue: Queue;
  readonly targets: TargetFactory;
  readonly reader: TenantReader;
  readonly tenants: Tenants;
  readonly logger: Logger;
}

/** Answers the console's questions about one tenant: the one whose state it is handed. Loaded with the first of them. */
export class ConsoleDesk {
  private store: Promise<OperatorStore> | undefined;
  private idle: NodeJS.Timeout | undefined;
  /** Tenants whose preview is being made: one at a time, because each asks Core and the target. */
  private readonly looking = new Set<string>();

  constructor(private readonly dependencies: DeskDependencies) {}

  /** How the tenant stands, its newest events and its dead letters. */
  async status(state: TenantState): Promise<object> {
    const { tenant } = state;
    const rest = await this.dependencies.queue.restOf(tenant);
    return this.withQueue(tenant, async (queue) =>
      statusAnswer({
        state,
        isStarted: this.dependencies.tenants.keyOf(tenant) !== undefined,
        backlog: await queue.backlog(),
        rest,
        newest: await queue.newest(EVENTS_SHOWN),
        dead: await queue.dead(EVENTS_SHOWN),
        nowMs: Date.now(),
      }),
    );
  }

  /**
   * A policy: its events, and what a sync would write now.
   * @param body `{"locator":…}`
   */
  async policy(state: TenantState, body: unknown): Promise<object> {
    const locator = textIn(body, 'locator');
    if (!LOCATOR.test(locator)) {
      throw new RequestError(400, 'no_locator', 'Give the locator of a policy: letters, digits, - and _.');
    }
    const root = rootOfPolicy(locator);
    const events = await this.withQueue(state.tenant, (queue) => queue.ofRoot(root, EVENTS_SHOWN));
    const preview = await this.preview(state, locator);
    this.dependencies.logger.write('console.looked', { tenant: state.tenant, root });
    return { locator, events: events.map(eventAnswer), ...preview };
  }

  private async preview({ tenant }: TenantState, locator: string): Promise<object> {
    if (this.dependencies.tenants.keyOf(tenant) === undefined) return { problem: STOPPED };
    if (this.looking.has(tenant)) {
      const message = 'Another preview is being made: wait until it is there.';
      throw new RequestError(429, 'preview_running', message, { retryAfterSeconds: 5 });
    }
    this.looking.add(tenant);
    try {
      const readiness = await this.dependencies.reader.read(tenant);
      switch (readiness.kind) {
        case 'unavailable':
          return { problem: 'The Marketplace does not give the settings at the moment: try again later.' };
        case 'blocked':
          return { problem: 'The settings cannot be used: the Marketplace says at Start what is wrong.' };
        case 'ready':
          return previewAnswer(
            await previewPolicy(locator, readiness.tenant, this.dependencies),
            readiness.tenant.settings.connector,
          );
      }
    } finally {
      this.looking.delete(tenant);
    }
  }

  /**
   * Lets dead letters be tried again; the newest state is read from Core, never an older one.
   * @param body `{"events":[number, …]}`
   */
  async replay({ tenant }: TenantState, body: unknown): Promise<object> {
    const numbers = numbersIn(body, 'events');
    if (numbers.length === 0 || numbers.length > MOST_REPLAYED) {
      throw new RequestError(400, 'no_events', `Name the events, at most ${MOST_REPLAYED} at a time.`);
    }
    const replayed = await this.withQueue(tenant, async (queue) => {
      // In a turn of its own: over the file the order is then carried out before the app's next commit begins, and
      // neither waits for the other's lock in the same thread.
      await nextTurn();
      return queue.replay(numbers, Date.now());
    });
    if (replayed > 0) this.dependencies.logger.write('console.replayed', { tenant, events: replayed });
    return { replayed };
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const store = this.store;
    this.store = undefined;
    await (await store?.catch(() => undefined))?.close();
  }

  private async withQueue<T>(tenant: string, use: (queue: TenantQueue) => Promise<T>): Promise<T> {
    clearTimeout(this.idle);
    try {
      this.store ??= openOperatorStore(this.dependencies.place);
      // What has just come for this tenant is to be seen as well: the app files it when it is asked what waits for it.
      await this.dependencies.queue.waitingSpan(tenant);
      return await use(new TenantQueue(await this.store, tenant));
    } catch (error) {
      if (!(error instanceof QueueOpenError) && !(error instanceof QueueUnavailableError)) throw error;
      await this.close();
      const message = 'The queue does not answer at the moment; try again in a few seconds.';
      throw new RequestError(503, 'queue_unavailable', message, { retryAfterSeconds: 5 });
    } finally {
      clearTimeout(this.idle);
      this.idle = setTimeout(() => void this.close().catch(() => undefined), IDLE_MS).unref();
    }
  }
}

function textIn(body: unknown, member: string): string {
  const value = memberOf(body, member);
  return typeof value === 'string' ? value.trim() : '';
}

function numbersIn(body: unknown, member: string): readonly number[] {
  const value = memberOf(body, member);
  return Array.isArray(value) ? value.filter((one): one is number => Number.isSafeInteger(one)) : [];
}

/** Of a body that the parser has left as text. */
function memberOf(body: unknown, member: string): unknown {
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : '');
    return typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).find(([name]) => name === member)?.[1]
      : undefined;
  } catch {
    // Not JSON is the same as nothing: the answer says what is wanted.
    return undefined;
  }
}
