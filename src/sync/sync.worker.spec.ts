import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config/config.js';
import { AddressGuard } from '../http/address-guard.js';
import type { HttpResponse } from '../http/exchange.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { Logger } from '../log/logger.js';
import type { ClaimRequest, ClaimResult } from '../queue/queue.js';
import { SqliteQueue } from '../queue/sqlite/sqlite-queue.js';
import { StateClient } from '../state/state.client.js';
import { Tenants } from '../state/tenants.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import { SyncWorker } from './sync.worker.js';
import { TargetFactory } from './target-factory.js';
import { UnfinishedRoots } from './unfinished-roots.js';

/** The end of the process while the database still works on a claim. What the worker does otherwise is in `test/e2e`. */

const TENANT = 'tenant';

const EVENT = {
  tenant: TENANT,
  id: 'event',
  type: 'policy.issue',
  root: 'policy:1',
  occurredAtMs: 1,
  receivedAtMs: 1,
  payload: '{}',
};

let folder: string;
let queue: SqliteQueue;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worker-'));
  queue = SqliteQueue.open(folder, { settleMs: 0, settleMaxMs: 0 });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await queue.close();
  rmSync(folder, { recursive: true });
});

function workerOver(write: (line: string) => void, stateAsked: () => void): SyncWorker {
  const config = readConfig({ SMP_STATE_API: 'http://state.test', DATA_DIR: folder });
  const logger = new Logger('debug', { write });
  const outbound = new OutboundHttp(new AddressGuard([]), 'socotra-sync/test');
  const askState = (): Promise<HttpResponse> => {
    stateAsked();
    return Promise.resolve({ kind: 'lost', code: 'timeout' });
  };
  const options = { baseUrl: config.stateApi, ttlMs: 1, now: () => 0, sleep: () => Promise.resolve() };
  const tenants = new Tenants();
  tenants.remember(TENANT, 'key', 'fingerprint');
  const reader = new TenantReader(tenants, new StateClient(askState, logger, options), outbound);
  return new SyncWorker(config, queue, logger, tenants, reader, new TargetFactory(outbound), new UnfinishedRoots());
}

it('waits for a claim on its way and gives back what it brings, for the queue is closed next', async () => {
  await queue.append(EVENT);
  const lines: string[] = [];
  const stateAsked = jest.fn();
  const claim = queue.claim.bind(queue);
  const { promise: isAsked, resolve: asked } = Promise.withResolvers<undefined>();
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<undefined>();
  const slowClaim = async (request: ClaimRequest): Promise<ClaimResult> => {
    const result = await claim(request);
    asked(undefined);
    await mayAnswer;
    return result;
  };
  jest.spyOn(queue, 'claim').mockImplementation(slowClaim);
  const worker = workerOver((line) => lines.push(line), stateAsked);
  worker.onApplicationBootstrap();
  await isAsked;

  worker.onModuleDestroy();
  const ended = worker.beforeApplicationShutdown();
  setImmediate(() => answer(undefined));
  await ended;

  const { claims } = await claim({ tenants: [TENANT], limit: 1, nowMs: Date.now(), leaseMs: 1_000 });
  expect(claims.map(({ events }) => events.map(({ id }) => id))).toEqual([['event']]);
  expect(stateAsked).not.toHaveBeenCalled();
  expect(lines).toEqual([]);
});
