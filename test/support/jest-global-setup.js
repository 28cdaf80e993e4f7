import { findPostgres } from '../../sandbox/postgres/find-postgres.ts';
import { findChromium } from './find-chromium.ts';

/** Every test runs in UTC, whatever the machine's own zone is. */
export default function globalSetup() {
  process.env.TZ = 'UTC';
  const { E2E_REPLICAS: replicas } = process.env;
  if (replicas !== undefined && !/^[1-9]$/.test(replicas)) refuse('E2E_REPLICAS must be a number from 1 to 9.');
  if (findPostgres() === undefined) {
    if (Number(replicas) > 1) refuse('E2E_REPLICAS needs a PostgreSQL: install it, or set TEST_DATABASE_URL.');
    process.stdout.write(
      'No PostgreSQL here: the tests of the shared queue are left out (install it, or set TEST_DATABASE_URL).\n',
    );
  }
  if (findChromium() === undefined) {
    process.stdout.write('No Chromium here: the tests of the pages are left out (install it, or set CHROMIUM).\n');
  }
}

/** Something was asked for that cannot be done: one line, and nothing is run. */
function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
