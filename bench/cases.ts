import { accept } from './cases/accept.ts';
import { fairness } from './cases/fairness.ts';
import { growth } from './cases/growth.ts';
import { hotPath } from './cases/hot-path.ts';
import { memory } from './cases/memory.ts';
import { plan } from './cases/plan.ts';
import { soak } from './cases/soak.ts';
import { start } from './cases/start.ts';
import { statePerRequest } from './cases/state-per-request.ts';
import { wholeWay } from './cases/whole-way.ts';
import type { BenchCase } from './kit/bench-case.ts';

/** Every case, in the order in which they run and stand on the page. */
export const CASES: readonly BenchCase[] = [
  accept,
  wholeWay,
  memory,
  soak,
  start,
  plan,
  growth,
  fairness,
  hotPath,
  statePerRequest,
];
