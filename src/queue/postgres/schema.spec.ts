import { describeWithPostgres, type PostgresServer, startPostgres } from '../../../test/support/postgres-server.ts';
import { PostgresQueue } from './postgres-queue.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };
/** For the figure in `docs/operations.md`: `MIGRATION_EVENTS=1000000`. */
const EVENTS = Number(process.env.MIGRATION_EVENTS ?? 100_000);

/** What schema 2 has brought, taken away again. */
const BACK_TO_SCHEMA_1 = `
  ALTER TABLE socotra_sync.events DROP COLUMN ended_at;
  ALTER TABLE socotra_sync.records DROP COLUMN root;
  DROP INDEX socotra_sync.events_of_root;
  DROP TABLE socotra_sync.operator_pauses;
  UPDATE socotra_sync.schema_version SET version = 1`;
const FILL = `
  INSERT INTO socotra_sync.events (tenant, id, type, root, occurred_at, received_at, payload)
  SELECT 'tenant-' || n % 100, 'event-' || n, 'policy.update', 'policy:' || n / 5, n, n, repeat('x', 300)
  FROM generate_series(1, ${EVENTS}) n`;
const VALID_INDEXES = `
  SELECT count(*)::int AS valid FROM pg_index WHERE indisvalid AND indexrelid::regclass::text IN
    ('socotra_sync.events_of_root', 'socotra_sync.events_over', 'socotra_sync.events_forgotten')`;

describeWithPostgres('a database of the release before', () => {
  let server: PostgresServer;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    url = await server.createDatabase();
    await (await PostgresQueue.open(url, TIMES)).close();
    await server.query(url, BACK_TO_SCHEMA_1);
  });

  async function expectCurrent(): Promise<void> {
    expect(await server.query(url, 'SELECT version FROM socotra_sync.schema_version')).toEqual([{ version: 2 }]);
    expect(await server.query(url, VALID_INDEXES)).toEqual([{ valid: 3 }]);
  }

  it('goes on accepting while its indexes are built', async () => {
    await server.query(url, FILL);
    let isMigrating = true;
    const startedMs = performance.now();
    const opening = PostgresQueue.open(url, TIMES).finally(() => (isMigrating = false));
    let slowestMs = 0;
    for (let index = 0; isMigrating; index++) {
      const askedMs = performance.now();
      await server.query(
        url,
        `INSERT INTO socotra_sync.events (tenant, id, type, root, occurred_at, received_at, payload)
         VALUES ('tenant-0', $1, 'policy.update', 'policy:0', 0, 0, '')`,
        [`late-${index}`],
      );
      slowestMs = Math.max(slowestMs, performance.now() - askedMs);
    }
    await (await opening).close();
    const tookMs = performance.now() - startedMs;
    if (process.env.MIGRATION_EVENTS !== undefined)
      process.stdout.write(`${EVENTS}: ${tookMs} ms, slowest ${slowestMs} ms\n`);
    // Held up by a build, an event would wait for most of it.
    expect(slowestMs).toBeLessThan(tookMs / 2);
    await expectCurrent();
  });

  it('is brought on when an earlier attempt was cut off', async () => {
    await server.query(url, 'ALTER TABLE socotra_sync.events ADD COLUMN ended_at bigint');
    await server.query(url, 'CREATE INDEX events_of_root ON socotra_sync.events (tenant, root, sequence)');
    await server.query(
      url,
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'socotra_sync.events_of_root'::regclass`,
    );
    await (await PostgresQueue.open(url, TIMES)).close();
    await expectCurrent();
  });
});
