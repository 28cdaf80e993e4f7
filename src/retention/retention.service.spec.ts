import { fakeQueue } from '../../test/support/fake-queue.ts';
import { readConfig } from '../config/config.js';
import { Logger } from '../log/logger.js';
import type { Queue, SweepLimits } from '../queue/queue.js';
import { RetentionService } from './retention.service.js';

const config = readConfig({
  SMP_STATE_API: 'http://state.test',
  DATABASE_URL: 'postgres://db.test/x',
  RETENTION_MS: '3600000',
  DEDUPE_MS: '7200000',
});

function running(sweep: Queue['sweep']) {
  const lines: string[] = [];
  const logger = new Logger('info', { write: (line) => lines.push(line) });
  const service = new RetentionService(config, fakeQueue({ sweep }), logger);
  service.onApplicationBootstrap();
  return { service, lines };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('retention', () => {
  it('begins with the process and goes on until nothing is left, by the configured times', async () => {
    const asked: SweepLimits[] = [];
    const { service, lines } = running(async (limits) => asked.push(limits) < 3);
    await until(() => asked.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 60));
    service.onModuleDestroy();
    await service.beforeApplicationShutdown();
    expect(asked).toHaveLength(3);
    const [first] = asked;
    const payloadsAgoMs = Date.now() - (first?.payloadsBeforeMs ?? 0);
    const eventsAgoMs = Date.now() - (first?.eventsBeforeMs ?? 0);
    expect([Math.floor(payloadsAgoMs / 60_000), Math.floor(eventsAgoMs / 60_000)]).toEqual([60, 120]);
    expect(lines).toEqual([]);
  });

  it('leaves nine tenths of the time to others', async () => {
    let steps = 0;
    const { service } = running(async () => {
      steps++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    service.onModuleDestroy();
    await service.beforeApplicationShutdown();
    expect(steps).toBeLessThanOrEqual(3);
  });

  it('says once that the store fails, and ends at once with the process', async () => {
    const { service, lines } = running(() => Promise.reject(new Error('the disk')));
    await until(() => lines.length > 0);
    const startedMs = performance.now();
    service.onModuleDestroy();
    await service.beforeApplicationShutdown();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { event: 'app.failed', code: 'retention_failed' },
    ]);
  });
});
