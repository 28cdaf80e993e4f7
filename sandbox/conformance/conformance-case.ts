import type { StandInFaults } from '../targets/target-stand-in.ts';
import type { Bench } from './bench.ts';

/** One thing that every connector must get right, as data: it knows no test runner and no target. */
export interface ConformanceCase {
  /** As a statement about connectors. */
  readonly name: string;
  /** The faults it plays with; where a target has no words for one, the case does not apply. */
  readonly needs: readonly (keyof StandInFaults)[];
  /** Throws an error whose message is a sentence when something is wrong. */
  run(bench: Bench): Promise<void>;
}
