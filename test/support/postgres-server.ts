import { findPostgres } from '../../sandbox/postgres/find-postgres.ts';
import { openPostgres, type PostgresServer } from '../../sandbox/postgres/postgres-server.ts';

export type { PostgresServer } from '../../sandbox/postgres/postgres-server.ts';

const source = findPostgres();

/** Left out where there is no PostgreSQL; the run says so in one line (jest-global-setup.js). */
export const describeWithPostgres = source === undefined ? describe.skip : describe;
/** For what stops and starts the server, which only the tests' own server may be told. */
export const describeWithOwnPostgres = source?.kind === 'programs' ? describe : describe.skip;

/** A PostgreSQL for one spec file: started in a temporary folder, or the one that `TEST_DATABASE_URL` names. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  if (source === undefined) throw new Error('There is no PostgreSQL on this machine.');
  return openPostgres(source, settings);
}
