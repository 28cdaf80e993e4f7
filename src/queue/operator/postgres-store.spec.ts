import { describeOperatorConformance } from '../../../test/conformance/operator-conformance.js';
import { describeTenantQueueConformance } from '../../../test/conformance/tenant-queue-conformance.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../../test/support/postgres-server.ts';
import { PostgresQueue } from '../postgres/postgres-queue.js';
import { openOperatorQueue } from './open-operator-queue.js';
import { PostgresStore } from './postgres-store.js';

describeWithPostgres('the PostgreSQL queue, for operators', () => {
  let server: PostgresServer;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  });
  afterAll(() => server.close());

  const underTest: Parameters<typeof describeOperatorConformance>[1] = {
    open: (times) => PostgresQueue.open(url, times),
    reopen: (times) => PostgresQueue.open(url, times),
    openOperator: () => openOperatorQueue({ dataDir: '/nowhere', databaseUrl: url }),
    openStore: () => PostgresStore.open(url),
    cleanUp: async () => {
      await server.query(url, 'DROP SCHEMA socotra_sync CASCADE');
    },
  };
  describeOperatorConformance('PostgreSQL', underTest);
  describeTenantQueueConformance('PostgreSQL', underTest);

  it.each<[string, string, string]>([
    ['has no queue', '', 'has no queue, this release knows schema 2: start the app'],
    [
      'has a newer one',
      'CREATE SCHEMA socotra_sync; CREATE TABLE socotra_sync.schema_version AS SELECT 9 AS version',
      'a queue of schema 9',
    ],
  ])('says what to do with a database that %s', async (_case, sql, words) => {
    const database = await server.createDatabase();
    if (sql !== '') await server.query(database, sql);
    await expect(openOperatorQueue({ dataDir: '/nowhere', databaseUrl: database })).rejects.toThrow(words);
  });

  it('says what to do with an address that leads nowhere, and does not repeat it', async () => {
    const databaseUrl = 'postgres://someone:hunter2@127.0.0.1:1/x';
    const failure = await openOperatorQueue({ dataDir: '/nowhere', databaseUrl }).catch((error: unknown) => error);
    expect(String(failure)).toContain('ECONNREFUSED) does not answer');
    expect(String(failure)).not.toMatch(/hunter2|someone/);
  });

  it('tells the worker at once of a replay', async () => {
    const queue = await PostgresQueue.open(url, { settleMs: 0, settleMaxMs: 0 });
    const operator = await openOperatorQueue({ dataDir: '/nowhere', databaseUrl: url });
    const event = { id: 'e', type: 'policy.issue', root: 'policy:1', occurredAtMs: 1, receivedAtMs: 1, payload: '{}' };
    await queue.append({ tenant: 't', ...event });
    const [claim] = (await queue.claim({ tenants: ['t'], limit: 1, nowMs: 10, leaseMs: 10_000 })).claims;
    if (!claim) throw new Error('it should be due');
    const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'dead' as const, code: 'x' }));
    await queue.settle(claim, { nowMs: 10, ended, retried: [], records: [], places: [] });
    const told = new Promise<number>((resolve) => queue.onWork(resolve));
    await operator.replay({ states: ['dead'] }, 0, 10, 77);
    expect(await told).toBe(77);
    await operator.close();
    await queue.close();
  });
});
