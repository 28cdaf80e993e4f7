import type { JsonObject } from '../http/json.ts';

/** A record as the people who use the target would count it, whatever the target calls it. */
export interface StandInRecord {
  /** The canonical kind that it stands for, for example `policy`; a line of the timeline is an `activity`. */
  readonly kind: string;
  /** The external key under which the app wrote it. */
  readonly key: string;
  /** The target's own id. */
  readonly id: string;
  /** The target's own fields as it stores them, its bookkeeping (ids, dates of writing) left out. */
  readonly fields: JsonObject;
  /** The external keys of the records it is tied to in the target, sorted. */
  readonly tiedTo: readonly string[];
}

/** A request that reached the target. */
export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly status: number | 'cut';
}

/**
 * What can go wrong at a target, each in the target's own words (status, headers, body) as they are documented.
 * Each applies to the next requests that would write records, `times` of them (default 1), unless it says otherwise.
 * A member that a target has no words for is absent.
 */
export interface StandInFaults {
  /** Commits, then cuts the connection without an answer. */
  cutAfterCommit(times?: number): void;
  /** Answers with exactly this, and commits nothing. */
  answerWith(
    reply: { status: number; headers?: Readonly<Record<string, string>>; body?: string },
    times?: number,
  ): void;
  /** Too many requests. With seconds: the target names the time; without: it does not. */
  throttle(seconds: number | undefined, times?: number): void;
  /** The server fails in a way that may pass. */
  serverError(times?: number): void;
  /** The records are in use by somebody else. */
  lock?(times?: number): void;
  /** Any request with the tokens given so far is refused; a renewable credential gets a new one. */
  expireTokens(): void;
  /** All credentials are refused until {@link restoreCredentials}. */
  revokeCredentials(): void;
  restoreCredentials(): void;
  /** The account may not write records of this kind, until further notice. */
  forbid?(kind: string): void;
  /** Records with this key are invalid for good, until further notice; others of the same call are not. */
  refuseRecord(key: string): void;
  /** The target refuses one optional field of this kind from now on. @returns the target's name of that field */
  refuseField?(kind: string): string;
}

/** A target that keeps state and misbehaves on request. Emulated: it does what is documented, not what a vendor runs. */
export interface TargetStandIn {
  /** As in the setting `target`. */
  readonly id: string;
  /** `127.0.0.1:<port>` of every server it opened, for the app's `ALLOW_PRIVATE_TARGETS`. */
  readonly hosts: readonly string[];
  /** What the tenant's administrator fills in, secrets included; fresh for every stand-in. */
  readonly settings: Readonly<Record<string, string>>;
  readonly faults: StandInFaults;
  /** Everything the app wrote, doubles included, in no particular order. */
  records(): readonly StandInRecord[];
  requests(): readonly StandInRequest[];
  /** A user of the target deletes the record there. */
  deleteRecord(key: string): void;
  close(): Promise<void>;
}

/** What a stand-in gets to know of the world around it. */
export interface StandInOptions {
  /** The time its users live in, milliseconds since the epoch; default: now. */
  readonly now?: () => number;
  /** Called after every request that may have changed something. */
  readonly onChange?: () => void;
}
