import { jest } from '@jest/globals';
import { Logger } from '../log/logger.js';
import type { Backlog, OverdueTenant } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import { UnfinishedRoots } from '../sync/unfinished-roots.js';
import { PulseService } from './pulse.service.js';

interface Store {
  overdue?: () => Promise<readonly OverdueTenant[]>;
  backlog?: () => Promise<Backlog>;
  replicas?: number;
}

function pulse({ overdue = async () => [], backlog, replicas = 1 }: Store = {}) {
  const lines: unknown[] = [];
  let counts = 0;
  const queue = {
    overdue,
    restOf: async () => ({ holdUntilMs: Infinity, failures: 0 }),
    backlog: () => {
      counts++;
      return backlog?.() ?? Promise.resolve({ waitingEvents: 7, deadLetters: 2 });
    },
    replicas: () => replicas,
  };
  const tenants = new Tenants();
  tenants.remember('known', 'key', 'state');
  const logger = new Logger('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const unfinished = new UnfinishedRoots();
  const service = new PulseService({ settleMs: 5_000 }, queue, tenants, unfinished, logger);
  return { service, tenants, unfinished, lines, counts: () => counts };
}

/** Somewhat more than a minute: the pulse may have looked at its clock before this is asked. */
const overdue = (tenant: string): OverdueTenant => ({ tenant, dueAtMs: Date.now() - 61_000 });

it('says that it lives, what it holds, and who is late', async () => {
  const { service, lines } = pulse({ overdue: async () => [overdue('known'), overdue('stranger')] });
  await service.beat();
  expect(lines).toMatchObject([
    { event: 'app.pulse', tenants: 1, late: 2, paused: 0, waiting: 7, dead: 2 },
    { event: 'tenant.late', tenant: 'known', state: 'due' },
    { event: 'tenant.late', tenant: 'stranger', state: 'not_called' },
  ]);
  const [first] = lines as [{ memoryBytes: number; pastDueMs: number }];
  expect(first.memoryBytes).toBeGreaterThan(10_000_000);
  expect(first.pastDueMs).toBeGreaterThanOrEqual(60_000);
});

it('says since when a tenant waits, not since when its next try is due', async () => {
  const { service, unfinished, lines } = pulse({ overdue: async () => [overdue('known')] });
  const nowMs = Date.now();
  const left = { code: 'timeout', againAtMs: nowMs };
  unfinished.settled('known', 'policy:1', { ...left, receivedAtMs: nowMs - 600_000 }, nowMs);
  unfinished.settled('young', 'policy:2', { ...left, receivedAtMs: nowMs - 14_000 }, nowMs);
  unfinished.settled('stopped', 'policy:3', { ...left, receivedAtMs: nowMs - 20_000 }, nowMs);
  await service.beat();
  expect(lines).toMatchObject([
    { event: 'app.pulse', late: 1, paused: 1 },
    { event: 'tenant.late', tenant: 'known', state: 'retrying', code: 'timeout' },
    { event: 'tenant.late', tenant: 'stopped', state: 'paused', code: 'paused_by_operator' },
  ]);
  const [, known] = lines as [unknown, { pastDueMs: number }];
  expect(known.pastDueMs).toBeGreaterThanOrEqual(595_000);
});

it('does not count as late what the customer stopped', async () => {
  const { service, tenants, lines } = pulse({ overdue: async () => [overdue('known')] });
  tenants.forget('known');
  await service.beat();
  expect(lines).toMatchObject([
    { event: 'app.pulse', late: 0, paused: 1, pastDueMs: 0 },
    { event: 'tenant.late', tenant: 'known', state: 'stopped' },
  ]);
});

it('leaves a tenant that another replica may know to that one', async () => {
  const late = [overdue('stranger'), overdue('known')];
  const { service, tenants, lines } = pulse({ overdue: async () => late, replicas: 2 });
  tenants.forget('known');
  await service.beat();
  expect(lines).toMatchObject([{ event: 'app.pulse', late: 0, paused: 0, pastDueMs: 0 }]);
});

it('counts what waits once a minute at most', async () => {
  const { service, lines, counts } = pulse();
  await service.beat();
  await service.beat();
  expect(counts()).toBe(1);
  expect(lines[1]).not.toHaveProperty('waiting');
});

it('says that it lives also while the store fails or does not answer', async () => {
  const failing = pulse({ overdue: () => Promise.reject(new Error('the disk')) });
  await failing.service.beat();
  expect(failing.lines).toEqual([expect.objectContaining({ event: 'app.pulse', tenants: 1 })]);
  expect(failing.lines[0]).not.toHaveProperty('late');

  const hanging = pulse({ overdue: () => new Promise(() => undefined) });
  void hanging.service.beat();
  await hanging.service.beat();
  expect(hanging.lines).toEqual([expect.objectContaining({ event: 'app.pulse', tenants: 1 })]);
});

it('says that it lives also while the system does not say how much memory it has', async () => {
  const { service, lines } = pulse();
  const rss = jest.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  });
  await service.beat().finally(() => rss.mockRestore());
  expect(lines).toMatchObject([{ event: 'app.pulse', tenants: 1, late: 0, waiting: 7 }]);
  expect(lines[0]).not.toHaveProperty('memoryBytes');
});
