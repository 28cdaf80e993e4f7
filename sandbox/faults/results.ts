import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { StoreName } from './fault-kinds.ts';
import type { RunResult } from './run.ts';

/** Where the results of the long part stand, from which docs/reliability.md is made. */
export const RESULTS = new URL('./results/', import.meta.url);

/** The results of a store's runs, by seed; none when there is no file. */
export function readResults(folder: string, store: StoreName): readonly RunResult[] {
  const file = fileOf(folder, store);
  // Safe: nobody but `writeResults` writes these files, and a spec holds the page to them.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly RunResult[]) : [];
}

/** Keeps a result; one of the same seed is replaced. */
export function keepResult(folder: string, result: RunResult): void {
  const others = readResults(folder, result.store).filter(({ seed }) => seed !== result.seed);
  const all = [...others, result].toSorted((a, b) => a.seed - b.seed);
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(folder, result.store), `[\n${all.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
}

/** Lays the file out as every other file of the project. */
export async function tidyResults(folder: string, store: StoreName): Promise<void> {
  const file = fileOf(folder, store);
  const config = await resolveConfig(file);
  writeFileSync(file, await format(readFileSync(file, 'utf8'), { ...config, parser: 'json' }));
}

function fileOf(folder: string, store: StoreName): string {
  return join(folder, `${store}.json`);
}
