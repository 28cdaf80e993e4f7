import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findPostgres } from '../../sandbox/postgres/find-postgres.ts';
import { openPostgres, type PostgresServer } from '../../sandbox/postgres/postgres-server.ts';
import type { BenchContext } from './bench-case.ts';

/** Where the app keeps what waits, as the benchmarks see it while the app does not run. */
export interface Store {
  readonly name: string;
  /** What the app has to be told to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly dataDir: string;
  /** `socotra_sync.` where the tables are in a schema of their own. */
  readonly schema: string;
  /** Runs a script of SQL. */
  run(script: string): Promise<void>;
  /** How many events have this state. */
  count(state: string): Promise<number>;
  /** SQL for the numbers from 0 to `count` - 1, as a table `series(i)`. */
  series(count: number): string;
  /** SQL for a number as twelve digits. */
  digits(expression: string): string;
}

/** Makes empty stores of one kind. */
export type NewStore = () => Promise<Store>;

const COUNT = `SELECT (SELECT count(*) FROM events WHERE state = ?) +
  (SELECT count(*) FROM arrivals WHERE 'waiting' = ?) AS n`;

/** The queue file in a folder. */
export function sqliteStore(dataDir: string): Store {
  const withFile = <T>(use: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(join(dataDir, 'queue.sqlite'));
    try {
      return use(database);
    } finally {
      database.close();
    }
  };
  return {
    name: 'SQLite',
    environment: {},
    dataDir,
    schema: '',
    run: async (script) => withFile((database) => database.exec(`PRAGMA synchronous = OFF; ${script}`)),
    count: async (state) => withFile((database) => Number(database.prepare(COUNT).get(state, state)?.n ?? 0)),
    series: (count) =>
      `WITH RECURSIVE series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i + 1 < ${count})`,
    digits: (expression) => `printf('%012d', ${expression})`,
  };
}

/** The kinds of store that this machine has: the file always, PostgreSQL where its programs or a server are. */
export async function storesOf(context: BenchContext): Promise<{
  readonly stores: Readonly<Record<string, NewStore>>;
  readonly skipped: readonly string[];
}> {
  const sqlite: NewStore = async () => sqliteStore(context.folder());
  const source = findPostgres();
  if (source === undefined) {
    return {
      stores: { SQLite: sqlite },
      skipped: ['There is no PostgreSQL on this machine: only the file was measured.'],
    };
  }
  // The tests' server does not flush; a measured one has to.
  const server = await openPostgres(source, { fsync: 'on' });
  context.afterwards(() => server.close());
  return { stores: { SQLite: sqlite, PostgreSQL: async () => postgresStore(server, context.folder()) }, skipped: [] };
}

async function postgresStore(server: PostgresServer, dataDir: string): Promise<Store> {
  const database = await server.createDatabase();
  return {
    name: 'PostgreSQL',
    environment: { DATABASE_URL: database },
    dataDir,
    schema: 'socotra_sync.',
    run: async (script) => {
      // The server would look at its tables by itself within a minute.
      await server.query(database, `${script} ANALYZE;`);
    },
    count: async (state) => {
      const [row] = await server.query(database, 'SELECT count(*) AS n FROM socotra_sync.events WHERE state = $1', [
        state,
      ]);
      return Number(row?.n ?? 0);
    },
    series: (count) => `WITH series AS (SELECT generate_series(0, ${count - 1}) AS i)`,
    digits: (expression) => `lpad((${expression})::text, 12, '0')`,
  };
}
