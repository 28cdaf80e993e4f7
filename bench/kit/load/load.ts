import { Worker } from '../worker.ts';
import type { LoadReport, LoadRun } from './load-run.ts';

export type LoadGenerator = Worker<LoadRun, LoadReport>;

/** A load generator in a process of its own. */
export function startLoad(): LoadGenerator {
  return new Worker(new URL('./load-process.ts', import.meta.url));
}
