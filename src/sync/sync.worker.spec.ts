import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config/config.js';
import { AddressGuard } from '../http/address-guard.js';
import type { HttpResponse } from '../http/exchange.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { Logger } from '../log/logger.js';
import { type ClaimRequest, type ClaimResult, LockNotGivenError, QueueUnavailableError } from '../queue/queue.js';
import { SqliteQueue } from '../queue/sqlite/sqlite-queue.js';
import { shortHash } from '../state/short-hash.js';
import { StateClient } from '../state/state.client.js';
import { Tenants } from '../state/tenants.js';
import { TenantReader } from '../tenants/tenant-reader.js';
import { RootSync } from './root-sync.js';
import { SyncWorker } from './sync.worker.js';
import { TargetFactory } from './target-factory.js';
import { UnfinishedRoots } from './unfinished-roots.js';

/** What is given back, and when that is a failure. What the worker does otherwise is in `test/e2e`. */

const TENANT = shortHash('tenant.test');

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

const STATE = {
  settings: { target: 'rest', 'api-url': 'https://crm.test', auth: 'none' },
  socotraApiUrl: 'https://core.test',
  token: 'token',
  tenantHostName: 'tenant.test',
};

const answerOf = (state: object): HttpResponse => ({
  kind: 'answer',
  status: 200,
  headers: {},
  body: JSON.stringify(state),
});

function workerOver(write: (line: string) => void, stateAsked: () => void, answer = answerOf(STATE)): SyncWorker {
  const config = readConfig({ SMP_STATE_API: 'http://state.test', DATA_DIR: folder });
  const logger = new Logger('debug', { write });
  const outbound = new OutboundHttp(new AddressGuard([]), 'socotra-sync/test');
  const askState = (): Promise<HttpResponse> => {
    stateAsked();
    return Promise.resolve(answer);
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

it.each([
  ['a lock that another replica has', new LockNotGivenError('Somebody else has it.'), [], undefined],
  ['a store that fails', new QueueUnavailableError('It fails.'), ['queue_failed'], { failures: 0 }],
])('gives work back for %s, and says so only where something is wrong', async (_what, error, codes, rest) => {
  const run = jest.spyOn(RootSync.prototype, 'run').mockRejectedValue(error);
  const released = jest.spyOn(queue, 'release');
  await queue.append(EVENT);
  const lines: string[] = [];
  const worker = workerOver((line) => lines.push(line), jest.fn());
  worker.onApplicationBootstrap();
  while (released.mock.calls.length === 0) await new Promise(setImmediate);
  worker.onModuleDestroy();
  await worker.beforeApplicationShutdown();
  expect(run).toHaveBeenCalledTimes(1);
  expect(lines.map((line) => (JSON.parse(line) as { readonly code: string }).code)).toEqual(codes);
  const restNow = await queue.restOf(TENANT);
  expect(restNow).toEqual(rest && expect.objectContaining(rest));
  const dueAtMs = (await queue.nextDueAtMs(TENANT)) ?? 0;
  expect(dueAtMs - Date.now()).toBeGreaterThan(1_000);
});

it.each<[string, HttpResponse, string, object]>([
  [
    'is paused when its settings do not work',
    answerOf({ ...STATE, settings: {} }),
    'tenant.paused settings_invalid',
    { holdUntilMs: 0, pause: expect.objectContaining({ code: 'settings_invalid' }) },
  ],
  [
    'rests for seconds when its state cannot be read',
    { kind: 'lost', code: 'timeout' },
    'state.unavailable no_answer',
    { holdUntilMs: expect.any(Number) },
  ],
])('a tenant %s, and its events wait untouched', async (_what, answer, said, rest) => {
  const released = jest.spyOn(queue, 'release');
  await queue.append(EVENT);
  const lines: { readonly event: string; readonly code: string }[] = [];
  const worker = workerOver((line) => lines.push(JSON.parse(line) as (typeof lines)[number]), jest.fn(), answer);
  worker.onApplicationBootstrap();
  while (released.mock.calls.length === 0) await new Promise(setImmediate);
  // Released it is due at once: only the rest of its tenant keeps it from being tried again and again.
  await new Promise((resolve) => setTimeout(resolve, 50));
  worker.onModuleDestroy();
  await worker.beforeApplicationShutdown();
  expect(released).toHaveBeenCalledTimes(1);
  expect(lines.map(({ event, code }) => `${event} ${code}`)).toEqual([said]);
  expect(await queue.restOf(TENANT)).toMatchObject(rest);
  expect(await queue.backlog(TENANT)).toEqual({ waitingEvents: 1, deadLetters: 0 });
});

it.each([
  ['what waits since long ago', (dueAtMs: number) => dueAtMs, Date.now() - 60_000],
  // Its events came long ago, but nothing was to be done with them until now.
  ['what is replayed', () => Date.now(), 0],
])('says how late %s is', async (_what, dueAtMs, leastLateMs) => {
  await queue.append(EVENT);
  const claim = queue.claim.bind(queue);
  jest.spyOn(queue, 'claim').mockImplementation(async (request) => {
    const { claims, ...rest } = await claim(request);
    return { claims: claims.map((one) => ({ ...one, dueAtMs: dueAtMs(one.dueAtMs) })), ...rest };
  });
  const run = jest.spyOn(RootSync.prototype, 'run').mockReturnValue(new Promise(() => undefined));
  const worker = workerOver(jest.fn(), jest.fn());
  worker.onApplicationBootstrap();
  while (run.mock.calls.length === 0) await new Promise(setImmediate);
  worker.onModuleDestroy();
  const { backlogAgeMs } = worker.lastHeartbeat();
  expect(backlogAgeMs).toBeGreaterThanOrEqual(leastLateMs);
  expect(backlogAgeMs).toBeLessThanOrEqual(leastLateMs + 120_000);
});

it('ends a Stop that waits for work which nobody does any more', async () => {
  jest.spyOn(RootSync.prototype, 'run').mockReturnValue(new Promise(() => undefined));
  await queue.append(EVENT);
  const worker = workerOver(jest.fn(), jest.fn());
  const flushed = worker.flush(TENANT, { deadlineMs: 5_000, hurry: false });
  worker.onModuleDestroy();
  const startedMs = performance.now();
  expect(await flushed).toEqual({ delivered: 0, left: 1 });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

it.each<[string, number, number]>([
  ['its tenant rests for longer', 0, 60_000],
  ['it is due later', 60_000, 0],
])('a Stop does not wait for what cannot be done in time: %s', async (_what, dueInMs, restMs) => {
  await queue.append({ ...EVENT, receivedAtMs: Date.now() + dueInMs });
  await queue.changeRest(TENANT, () => ({ holdUntilMs: Date.now() + restMs, failures: 0 }));
  const startedMs = performance.now();
  const answer = await workerOver(jest.fn(), jest.fn()).flush(TENANT, { deadlineMs: 5_000, hurry: false });
  expect(answer).toEqual({ delivered: 0, left: 1 });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
});

it('a Stop does not tell what became a dead letter as delivered', async () => {
  jest
    .spyOn(queue, 'backlog')
    .mockResolvedValueOnce({ waitingEvents: 3, deadLetters: 1 })
    .mockResolvedValueOnce({ waitingEvents: 0, deadLetters: 3 });
  const flushed = workerOver(jest.fn(), jest.fn()).flush(TENANT, { deadlineMs: 5_000, hurry: true });
  expect(await flushed).toEqual({ delivered: 1, left: 0 });
});
