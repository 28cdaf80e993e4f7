import type { Row } from '../rows.js';
import type { PauseTrace } from './traces.js';

/** Runs one statement; `?` stands for the next value. */
export type RunSql = (text: string, values?: readonly (string | number)[]) => Promise<readonly Row[]>;

/**
 * A store as operators' commands need it. What they ask is the same for both stores; here is what differs. Nothing of it
 * may hold up the running app: a transaction is a few milliseconds long.
 */
export interface OperatorStore {
  /** Stands before the name of each table. */
  readonly schema: string;
  /** What has come until now is seen by what is asked after this; where that does not go without saying. */
  fileArrivals(): Promise<void>;
  readonly run: RunSql;
  transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T>;
  /** Makes the running app look at what was changed in this transaction; where it does not notice by itself. */
  tell(run: RunSql, dueAtMs: number): Promise<void>;
  facts(): Promise<StoreFacts>;
  pauses(): Promise<readonly PauseTrace[]>;
  /** @returns whether that is new */
  pause(tenant: string, nowMs: number): Promise<boolean>;
  /** Ends an operator's pause, and has whatever else the tenant rests for tried at once. @returns whether it rested */
  resume(tenant: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface StoreFacts {
  readonly kind: 'sqlite' | 'postgresql';
  /** How many processes work on it. */
  readonly running: number;
  readonly bytes: number;
  /** Of these, how many are free for what comes next; where that is known. */
  readonly freeBytes?: number;
}
