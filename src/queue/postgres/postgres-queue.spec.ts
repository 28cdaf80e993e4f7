import { describeQueueConformance } from '../../../test/conformance/queue-conformance.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../../test/support/postgres-server.ts';
import { PostgresQueue } from './postgres-queue.js';

describeWithPostgres('the PostgreSQL queue', () => {
  let server: PostgresServer;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  });
  afterAll(() => server.close());

  describeQueueConformance('PostgreSQL', {
    open: (times) => PostgresQueue.open(url, times),
    reopen: (times) => PostgresQueue.open(url, times),
    expireLeases: async () => {
      await server.query(url, `UPDATE socotra_sync.roots SET lease_until = clock_timestamp() - interval '1 second'`);
    },
    cleanUp: async () => {
      await server.query(url, 'DROP SCHEMA socotra_sync CASCADE');
    },
  });
});
