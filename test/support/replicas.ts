import { type PostgresServer, startPostgres } from './postgres-server.ts';

/**
 * In how many replicas the end-to-end suite runs the app: usually one, on the embedded queue. With `E2E_REPLICAS=3` the
 * same specs run three on one PostgreSQL database, behind an address that asks one after the other.
 */
export const REPLICAS = Number(process.env.E2E_REPLICAS ?? 1);

/**
 * What is by nature about one process is left out when there are several; its name says so and why.
 *
 * @param why the reason, as it stands in the report of the run
 */
export function describeOnOneProcess(why: string, name: string, tests: () => void): void {
  if (REPLICAS === 1) describe(name, tests);
  else describe.skip(`${name} (left out, because ${why})`, tests);
}

let server: Promise<PostgresServer> | undefined;

/** One server for a spec file, started when it is first needed. */
export function sharedServer(): Promise<PostgresServer> {
  server ??= startPostgres();
  return server;
}

afterAll(async () => (await server)?.close());
