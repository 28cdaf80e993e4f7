import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the tests get a PostgreSQL from. */
export type PostgresSource =
  /** A server that somebody else runs; the tests make databases of their own in it. */
  | { readonly kind: 'server'; readonly url: string }
  /** Programs to start one with. */
  | { readonly kind: 'programs'; readonly folder: string };

const DISTRIBUTIONS = '/usr/lib/postgresql';

/** `TEST_DATABASE_URL`, or the programs that the machine has; undefined: neither. */
export function findPostgres(): PostgresSource | undefined {
  const url = process.env.TEST_DATABASE_URL;
  if (url !== undefined && url !== '') return { kind: 'server', url };
  const folder = [...ofDistribution(), ...configured()].find((bin) => existsSync(join(bin, 'initdb')));
  return folder === undefined ? undefined : { kind: 'programs', folder };
}

/** Debian's layout, the newest first. */
function ofDistribution(): string[] {
  if (!existsSync(DISTRIBUTIONS)) return [];
  const versions = readdirSync(DISTRIBUTIONS).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DISTRIBUTIONS, version, 'bin'));
}

function configured(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()];
  } catch {
    // There is no pg_config: nothing is installed in a place of its own either.
    return [];
  }
}
