import type { TenantRest } from './tenant-rest.js';

/**
 * The durable queue between accepting an event and syncing its record. One port, one conformance suite, several stores.
 *
 * Events are unique per tenant and event id. Work is kept per *root* (a policy, or a policyholder where there is no
 * policy): appending an event makes its root due, claiming a root hands out all its waiting events, settling says what
 * became of each. One root is never in two hands at once. The queue knows nothing of Socotra or of targets.
 */
export interface Queue {
  /**
   * Stores one event and marks its root due once it has rested. Resolves only when the commit is on disk.
   * @throws {QueueUnavailableError} when the store cannot take it; nothing was stored then.
   */
  append(event: NewEvent): Promise<'appended' | 'duplicate'>;

  /**
   * Takes due roots of the given tenants, at most one per tenant and call, in the order of the tenants given; so the
   * caller decides what is fair. A root that is not settled within `leaseMs` may be claimed again. Nothing is handed out
   * of a tenant that rests.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;

  /**
   * Ends a claim: what became of its events, which records the target now holds, when the rest is due.
   * @returns false when the lease was lost meanwhile: nothing was stored, the work will be done again.
   */
  settle(claim: ClaimedRoot, settlement: Settlement): Promise<boolean>;

  /**
   * Stores what is about to be sent for a claim, before it is: what is lost between that and {@link settle} then looks
   * unconfirmed, not unchanged.
   * @returns false when the lease was lost meanwhile: nothing was stored, and nothing is to be sent.
   */
  announce(claim: ClaimedRoot, records: readonly RecordMarkUpdate[]): Promise<boolean>;

  /**
   * Puts the events of a claim under another root, due at `dueAtMs`, and ends the claim: an event that named only a
   * payment, say, turned out to belong to a policy that has a root of its own.
   * @returns false when the lease was lost meanwhile.
   */
  move(claim: ClaimedRoot, root: string, dueAtMs: number): Promise<boolean>;

  /**
   * Whether a claim can still be trusted to be nobody else's. False when this process was cut off from the store for so
   * long that others may have taken its claims over: then nothing more is to be sent for it.
   */
  isHeld(claim: ClaimedRoot): boolean;

  /** Gives a claim back untouched, due at `dueAtMs`: the work was not tried (a pause, a shutdown, a throttled connection). */
  release(claim: ClaimedRoot, dueAtMs: number): Promise<void>;

  /** Makes the retries of this tenant due now; what has just arrived keeps its rest. */
  makeDue(tenant: string, nowMs: number): Promise<void>;

  /** When the first root of this tenant with waiting events is due; undefined when none waits. */
  nextDueAtMs(tenant: string): Promise<number | undefined>;

  /**
   * Changes how a tenant rests, for everybody who shares the store.
   *
   * @param change gets the rest as it is, and may be called again when somebody else was faster; undefined: no rest
   * @returns the rest as it was before
   */
  changeRest(
    tenant: string,
    change: (rest: TenantRest | undefined) => TenantRest | undefined,
  ): Promise<TenantRest | undefined>;

  restOf(tenant: string): Promise<TenantRest | undefined>;

  /** The tenants that operators have paused: nothing of them is handed out until they are resumed. */
  operatorPauses(): Promise<readonly string[]>;

  /**
   * Runs the task while nobody else who shares the store runs one of an equal name. Several roots share a record (a
   * policyholder with two policies): between reading what the target holds and remembering what was sent, no other
   * root may do the same for that record.
   * @throws {LockNotGivenError} when somebody else has a name for too long, or this process ends; the task did not run.
   */
  runAlone<T>(names: readonly string[], task: () => Promise<T>): Promise<T>;

  /**
   * This process is about to end: from now on {@link runAlone} takes a name that is free, and waits for none that another
   * process has. To be said before what is in hand is waited for.
   */
  endWaits(): void;

  /** How many processes share the store at the moment, this one included. */
  replicas(): number;

  /** Calls the listener when something may be due at `dueAtMs`, whoever stored it. The result ends that. */
  onWork(listener: (dueAtMs: number) => void): () => void;

  /**
   * The tenants with a root that was due before this instant and is not done yet, at most so many, the longest overdue
   * first. One look into an index per tenant, however much waits.
   */
  overdue(dueBeforeMs: number, most: number): Promise<readonly OverdueTenant[]>;

  /** How much waits for this tenant, or for all. */
  backlog(tenant?: string): Promise<Backlog>;

  /** Between which positions the events of this tenant wait that wait, in hand or not; undefined when none does. */
  waitingSpan(tenant: string): Promise<WaitingSpan | undefined>;

  /** What is known about records in a target: the last content sent, and whether the target has confirmed it. */
  recordMarks(tenant: string, connection: string, keys: readonly string[]): Promise<ReadonlyMap<string, RecordMark>>;

  /**
   * The root that a record was found under, whatever connection it was for and whether or not it was sent: of these
   * records the first that is known counts. Undefined when none is. So an event that names only a bill is led to the
   * policy under which that bill was seen before.
   */
  rootOf(tenant: string, keys: readonly string[]): Promise<string | undefined>;

  /** How far a tenant's events were read from their source; undefined before the first time. */
  cursor(tenant: string): Promise<string | undefined>;

  saveCursor(tenant: string, cursor: string): Promise<void>;

  /**
   * Forgets a little of what ended long ago, first the payloads, then the events with their ids, and gives the space
   * back where the store does not do that by itself. Neither what waits nor a dead letter is ever forgotten. One call is
   * short enough not to hold up an append.
   * @returns whether there may be more to do
   */
  sweep(limits: SweepLimits): Promise<boolean>;

  /** Resolves when the store answers; rejects when it cannot take events. */
  check(): Promise<void>;

  close(): Promise<void>;
}

/** Nest's injection token for the {@link Queue} in use. */
export const QUEUE = Symbol('QUEUE');

export interface NewEvent {
  readonly tenant: string;
  readonly id: string;
  readonly type: string;
  readonly root: string;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  /** What the reader needs later, as JSON text; opaque to the queue. */
  readonly payload: string;
}

export interface QueuedEvent {
  /** Position in the queue; ascending in the order of arrival. */
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  readonly payload: string;
  /** Failed tries so far. */
  readonly tries: number;
  /** When this event's next try is due; 0 while it was never tried. */
  readonly retryAtMs: number;
}

export interface ClaimRequest {
  /** Tenants that can be worked for, the longest unserved first. */
  readonly tenants: readonly string[];
  readonly limit: number;
  readonly nowMs: number;
  readonly leaseMs: number;
  /** What the pause of a tenant is compared with, see {@link TenantPause.versions}; without it every pause counts. */
  readonly versionOf?: (tenant: string) => string;
}

export interface ClaimResult {
  readonly claims: readonly ClaimedRoot[];
  /** When the next unclaimed root of these tenants may be claimed; undefined when none waits. Means nothing at the limit. */
  readonly nextDueAtMs?: number;
}

export interface ClaimedRoot {
  readonly tenant: string;
  readonly root: string;
  /** Proof of ownership; a later claim of the same root has another one. */
  readonly lease: number;
  /** When it was due: of dead letters that are replayed, the moment of the replay. */
  readonly dueAtMs: number;
  /** Never tried ones first, then the earliest retry; at most {@link MAX_EVENTS_PER_CLAIM}; none when only time has passed (see {@link Settlement.wake}). */
  readonly events: readonly QueuedEvent[];
  /** How its tenant rested until now: success ends that. */
  readonly rest?: TenantRest;
}

/** More events than this on one root are handed out over several claims, so that memory stays bounded. */
export const MAX_EVENTS_PER_CLAIM = 200;

export type EventEnd = 'delivered' | 'skipped' | 'dead';

export interface SweepLimits {
  /** What ended earlier loses its payload: it can be seen and is known by its id, but not replayed. */
  readonly payloadsBeforeMs: number;
  /** What ended earlier is gone: the same event again is a new one. Not after {@link payloadsBeforeMs}. */
  readonly eventsBeforeMs: number;
}

export interface Settlement {
  /** When the events of this settlement ended: what is kept for how long is counted from here. */
  readonly nowMs: number;
  /** Events that are over. */
  readonly ended: readonly { readonly sequence: number; readonly end: EventEnd; readonly code?: string }[];
  /** Events that were tried and wait for another try. */
  readonly retried: readonly {
    readonly sequence: number;
    readonly tries: number;
    readonly retryAtMs: number;
    readonly code: string;
  }[];
  readonly records: readonly RecordMarkUpdate[];
  /** Records of which the sync has learnt where they belong, see {@link Queue.rootOf}; the newest counts. */
  readonly places: readonly RecordPlace[];
  /**
   * When the root is to be handed out again although no event comes: what it shows changes with time. `undefined`: as
   * it was set before.
   */
  readonly wake?: { readonly atMs: number } | 'never';
}

export interface RecordMark {
  readonly revision: string;
  readonly contentHash: string;
  /** False: sent, but the target has not confirmed it. */
  readonly confirmed: boolean;
  readonly targetId?: string;
}

export interface RecordMarkUpdate extends RecordMark {
  readonly connection: string;
  readonly key: string;
}

/** That a record belongs to a root. */
export interface RecordPlace {
  readonly key: string;
  readonly root: string;
}

export interface OverdueTenant {
  readonly tenant: string;
  /** Of its root that is overdue the longest. */
  readonly dueAtMs: number;
  readonly rest?: TenantRest;
}

export interface Backlog {
  readonly waitingEvents: number;
  readonly deadLetters: number;
}

/** Positions in the queue, see {@link QueuedEvent.sequence}. */
export interface WaitingSpan {
  readonly first: number;
  readonly last: number;
}

/** How long a root rests before it is due. */
export interface SettleTimes {
  /** After its last event. */
  readonly settleMs: number;
  /** After its first event, however many follow. */
  readonly settleMaxMs: number;
}

/** The store cannot take or give events right now; retry later. */
export class QueueUnavailableError extends Error {
  readonly code = 'queue_unavailable';
}

/** The store is well, but what was to be done alone could not begin: it is to be given back, and is nobody's failure. */
export class LockNotGivenError extends QueueUnavailableError {}

/** The store cannot be opened; the message says what the operator can do. */
export class QueueOpenError extends Error {
  readonly code = 'queue_unusable';
}
