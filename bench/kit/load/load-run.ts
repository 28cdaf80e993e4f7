import type { EventPlan } from '../events.ts';

/** What a load generator is asked to do. */
export interface LoadRun {
  readonly port: number;
  readonly path: string;
  readonly plan: EventPlan;
  /** Place of the first event; a place that was used before is a duplicate. */
  readonly first: number;
  readonly connections: number;
  /** The policies belong to so many tenants in turn, whose keys are `key-<firstTenant>` and so on. */
  readonly tenants: number;
  readonly firstTenant?: number;
  /** Ends after so many events … */
  readonly count?: number;
  /** … or after so many milliseconds. */
  readonly durationMs?: number;
  /**
   * Events a second, whatever the answers do; latency then counts from the moment when an event was due, so that a
   * server that stalls does not hide it by being asked less (coordinated omission). Absent: as fast as it answers.
   */
  readonly perSecond?: number;
}

export interface LoadReport {
  readonly answered: number;
  /** Answers other than 200, and requests without an answer. */
  readonly refused: number;
  /** Place after the last event. */
  readonly next: number;
  readonly elapsedMs: number;
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  /** Processor time of the generator itself. */
  readonly cpuMicros: number;
}
