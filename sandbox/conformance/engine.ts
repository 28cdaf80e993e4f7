/**
 * What the suite needs of the app: the pieces around a connector, as the app itself puts them together. They are handed
 * in, because this folder imports nothing of the app: the tests hand in the sources, `built-engine.ts` the built app.
 */
export interface Engine {
  readonly connectors: readonly TestedConnector[];
  /** The ways out of one process of the app. @param hosts opened on loopback, `127.0.0.1:<port>` */
  openProcess(hosts: readonly string[]): EngineProcess;
  deliverRecords(records: readonly EngineRecord[], context: EngineContext): Promise<EngineReport>;
  /** What the target holds of records, as a tenant's console shows it. */
  lookAt(records: readonly EngineRecord[], context: EngineLook): Promise<readonly EngineView[]>;
}

export type EngineLook = Pick<EngineContext, 'connector' | 'target' | 'connection' | 'known'>;

/** One record as a look shows it. */
export interface EngineView {
  readonly key: string;
  /** Absent: the target cannot be asked, or has no place for it. */
  readonly places?: readonly {
    /** False: there is no such record in the target. */
    readonly isThere: boolean;
    /** Fields in which the target differs from what would be written. */
    readonly differing: readonly string[];
  }[];
  /** Why it could not be seen. */
  readonly problem?: string;
}

/** One process: its tokens, its limiters and what its connectors remember of accounts. */
export interface EngineProcess {
  readonly targets: EngineTargets;
  close(): Promise<void>;
}

export interface EngineTargets {
  targetFor(state: { readonly tenant: string }, settings: EngineSettings): EngineTarget;
  connectionOf(target: EngineTarget, settings: EngineSettings): Promise<Connection>;
}

/** A connector's way to its target. */
export interface EngineTarget {
  request(request: object): Promise<object>;
}

type Connection = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly failure: Result };

/** As much of a connector as the suite looks at. */
export interface TestedConnector {
  readonly id: string;
  readonly fields: readonly { readonly name: string; readonly secret?: boolean; readonly values?: readonly object[] }[];
  readonly kinds: Readonly<Record<string, 'upsert' | { readonly unsupported: string }>>;
  checkSettings(settings: Readonly<Record<string, string>>): readonly string[];
  /** Absent: the target cannot be asked what it holds. */
  readonly look?: object;
  verify(target: EngineTarget): Promise<StartResult>;
  ensureSchema?(target: EngineTarget): Promise<StartResult>;
}

/** What Start says of a target. */
export type StartResult =
  | { readonly ok: true; readonly warnings?: readonly string[] }
  | {
      readonly ok: false;
      readonly cause: 'settings' | 'unreachable' | 'resting';
      readonly code: string;
      readonly message: string;
    };

export interface EngineSettings {
  readonly connector: TestedConnector;
  readonly connection: string;
  readonly environment: 'production' | 'sandbox';
  readonly values: Readonly<Record<string, string>>;
}

export interface EngineRecord {
  readonly kind: string;
  readonly key: string;
  readonly locator: string;
  readonly op: 'upsert' | 'void';
  readonly fields: object;
  readonly relations: readonly EngineRelation[];
  /** Milliseconds since the epoch. */
  readonly sourceUpdatedAtMs: number;
}

export interface EngineRelation {
  readonly name: string;
  readonly kind: string;
  readonly key: string;
  readonly required: boolean;
}

export interface EngineContext {
  readonly connector: TestedConnector;
  readonly target: EngineTarget;
  readonly connection: string;
  readonly known: ReadonlyMap<string, Mark>;
  readonly newestEvents: ReadonlyMap<string, EngineEvent>;
  readonly isStopping: () => boolean;
  readonly announce: (marks: EngineReport['marks']) => Promise<boolean>;
}

export interface EngineEvent {
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  readonly payload: string;
  readonly tries: number;
  readonly retryAtMs: number;
}

/** What the engine remembers of a record in the target. */
export interface Mark {
  readonly revision: string;
  readonly contentHash: string;
  readonly confirmed: boolean;
  readonly targetId?: string;
}

export interface EngineReport {
  readonly results: ReadonlyMap<string, Result>;
  readonly marks: readonly (Mark & { readonly connection: string; readonly key: string })[];
  readonly refusedFields: readonly { readonly field: string; readonly code: string; readonly recordKey: string }[];
}

/** What became of one record; which members there are depends on the outcome. */
export interface Result {
  readonly outcome:
    | 'delivered'
    | 'skipped'
    | 'retry'
    | 'unreachable'
    | 'throttled'
    | 'auth'
    | 'dependency'
    | 'rejected'
    | 'unknown_outcome';
  readonly change?: string;
  readonly code?: string;
  readonly retryAfterMs?: number;
  readonly field?: string;
  readonly advice?: string;
  readonly targetId?: string;
  readonly refusedFields?: readonly { readonly field: string; readonly code: string }[];
}
