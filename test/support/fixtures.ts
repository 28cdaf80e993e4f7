import { readFileSync } from 'node:fs';

/**
 * The JSON of one fixture, for example `core/policy.issued.json`.
 *
 * @param path below `test/fixtures`
 */
export function fixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8'));
}
