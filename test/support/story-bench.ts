import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatchUpService } from '../../src/catch-up/catch-up.service.js';
import { readConfig } from '../../src/config/config.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import type { HttpRequest, HttpResponse, SendHttp } from '../../src/http/exchange.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';
import { Logger } from '../../src/log/logger.js';
import { SqliteQueue } from '../../src/queue/sqlite/sqlite-queue.js';
import { StateClient } from '../../src/state/state.client.js';
import { StateService } from '../../src/state/state.service.js';
import { Tenants } from '../../src/state/tenants.js';
import { RootSync } from '../../src/sync/root-sync.js';
import { UnfinishedRoots } from '../../src/sync/unfinished-roots.js';
import { TargetFactory } from '../../src/sync/target-factory.js';
import { TenantReader } from '../../src/tenants/tenant-reader.js';
import { AcceptLimiter, PRODUCTION_LIMITS } from '../../src/webhooks/accept-limiter.js';
import { WebhooksService } from '../../src/webhooks/webhooks.service.js';
import { CORE_URL } from './story-surroundings.js';

/** One line of the app's log. */
export interface BenchLine {
  readonly event: string;
  readonly tenant?: string;
  readonly eventId?: string;
  readonly eventType?: string;
  readonly root?: string;
  readonly recordKey?: string;
  readonly gaps?: number;
  readonly code?: string;
}

/** All exchanges with Core and the CRM go to this function instead of the network. */
class InProcessHttp extends OutboundHttp {
  override readonly toTenantAddress: SendHttp;

  constructor(send: SendHttp) {
    super(new AddressGuard([]), 'socotra-sync/test');
    this.toTenantAddress = send;
  }
}

/** Claims of a Core token: the tenant's time zone is all that the app takes from it. */
const TOKEN = ['{}', '{"tenant.timezone":"America/Los_Angeles"}', '{}']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** What the Marketplace says of the tenant with this key, who has set this for its target. */
function stateOf(key: string, ofTarget: Readonly<Record<string, string>>): HttpResponse {
  const settings = { profile: 'all', environment: 'sandbox', ...ofTarget };
  const body = { tenantHostName: `${key}.test`, settings, mappings: [], socotraApiUrl: CORE_URL, token: TOKEN };
  return { kind: 'answer', status: 200, headers: {}, body: JSON.stringify(body) };
}

/**
 * The app's own pieces, from the accept path to the connector, in this process and without a network: the real queue on
 * a real file, the real sync and catch-up. Only the worker's clockwork is the test's, so that it decides what happens
 * when. Every life of the story is another tenant.
 */
export class StoryBench {
  readonly queue: SqliteQueue;
  readonly webhooks: WebhooksService;
  readonly catchUp: CatchUpService;
  readonly rootSync: RootSync;
  readonly tenants = new Tenants();
  readonly reader: TenantReader;
  /** Called for every line of the log. */
  onLine: (line: BenchLine) => void = () => undefined;
  /** What the tenants have set for their target. */
  settings: Readonly<Record<string, string>> = {};
  /** Answers what goes out to Core and the CRM. */
  send: SendHttp = () => Promise.reject(new Error('nothing is to be sent now'));
  private readonly stateService: StateService;
  private readonly targets: TargetFactory;
  private readonly outbound: InProcessHttp;
  private readonly folder: string;

  constructor() {
    // In memory where the machine has such a place: a thousand lives would wait for the disk most of the time.
    this.folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'story-'));
    const schedule = Array.from({ length: 60 }, () => '1000').join(',');
    const config = readConfig({
      SMP_STATE_API: 'http://state.test',
      DATA_DIR: this.folder,
      SETTLE_MS: '0',
      SETTLE_MAX_MS: '0',
      RETRY_SCHEDULE_MS: schedule,
      CATCH_UP_INTERVAL_MS: '0',
    });
    // Safe: the logger writes one JSON object a line, of the fields of its closed list.
    const write = (text: string) => this.onLine(JSON.parse(text) as BenchLine);
    const logger = new Logger('info', { write });
    const { tenants } = this;
    this.queue = SqliteQueue.open(config.dataDir, config);
    this.outbound = new InProcessHttp((request: HttpRequest) => this.send(request));
    const askState: SendHttp = ({ url }) =>
      Promise.resolve(stateOf(url.slice(url.lastIndexOf('/') + 1), this.settings));
    const options = { baseUrl: config.stateApi, ttlMs: 1, now: () => 0, sleep: () => Promise.resolve() };
    const stateClient = new StateClient(askState, logger, options);
    this.stateService = new StateService(stateClient, tenants);
    this.reader = new TenantReader(tenants, stateClient, this.outbound);
    const targets = new TargetFactory(this.outbound);
    this.targets = targets;
    const { retryScheduleMs } = config;
    this.rootSync = new RootSync({
      queue: this.queue,
      logger,
      targets,
      retryScheduleMs,
      unfinished: new UnfinishedRoots(),
      isStopping: () => false,
    });
    this.catchUp = new CatchUpService(config, this.queue, tenants, this.reader, logger);
    this.webhooks = new WebhooksService(
      this.stateService,
      this.queue,
      logger,
      new AcceptLimiter(this.queue, PRODUCTION_LIMITS),
    );
  }

  /** The tenant behind a key is known from now on, as after Start. */
  async start(key: string): Promise<string> {
    const answer = await StateService.runAs(key, () => this.stateService.current(Infinity));
    if (answer.kind !== 'known') throw new Error(`the tenant is ${answer.kind}`);
    const { state } = answer;
    if (!state.settings.ok) throw new Error(state.settings.problems.join(' '));
    const { settings } = state.settings;
    const prepared = await settings.connector.ensureSchema?.(this.targets.targetFor(state, settings));
    if (prepared?.ok === false) throw new Error(prepared.message);
    return state.tenant;
  }

  async close(): Promise<void> {
    await this.queue.close();
    await this.outbound.close();
    rmSync(this.folder, { recursive: true });
  }
}
