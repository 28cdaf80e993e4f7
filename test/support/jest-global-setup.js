import { findPostgres } from './find-postgres.ts';

/** Every test runs in UTC, whatever the machine's own zone is. */
export default function globalSetup() {
  process.env.TZ = 'UTC';
  if (findPostgres() === undefined) {
    process.stdout.write(
      'No PostgreSQL here: the tests of the shared queue are left out (install it, or set TEST_DATABASE_URL).\n',
    );
  }
}
