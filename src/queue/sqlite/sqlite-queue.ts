import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KeyedLock } from '../keyed-lock.js';
import { dueAfterClaim } from '../next-due.js';
import {
  type Backlog,
  type ClaimedRoot,
  type ClaimRequest,
  type ClaimResult,
  MAX_EVENTS_PER_CLAIM,
  type NewEvent,
  type Queue,
  type RecordMark,
  type RecordMarkUpdate,
  type Settlement,
  type SettleTimes,
  type SweepLimits,
  type WaitingSpan,
} from '../queue.js';
import { numberOr, toBacklog, toOverdueTenant, toQueuedEvent, toRecordMark, toWaitingSpan } from '../rows.js';
import { isOnProbation, restEndsAtMs, type TenantRest } from '../tenant-rest.js';
import { WorkListeners } from '../work-listeners.js';
import { Checkpoints } from './checkpoints.js';
import { CommitBatch } from './commit-batch.js';
import { DiskFlush } from './disk-flush.js';
import { type Arrival, Inbox } from './inbox.js';
import { Leases, nameOfRoot } from './leases.js';
import { OwnerLock } from './owner-lock.js';
import { refusalOf } from './refusals.js';
import { Rests } from './rests.js';
import { prepareDatabase } from './schema.js';
import { prepareStatements, type Statements } from './statements.js';
import { storeMarks, storeSettlement } from './store-settlement.js';
import { emptyLog, sweepStep } from './sweep.js';
import { UndoLog } from './undo-log.js';

/** What has come for tenants that nobody works for is filed as well, some of it each time. */
const FILE_OF_ALL_EVERY_MS = 1_000;

/**
 * The {@link Queue} in one SQLite file of this process: write-ahead log, a disk flush per commit, one commit for
 * all that is written while the disk is busy.
 */
export class SqliteQueue implements Queue {
  private readonly undoLog = new UndoLog();
  private readonly leases = new Leases(this.undoLog);
  /** Lower bound of each tenant's next due instant; a tenant without an entry must be looked up. */
  private readonly nextDueHints = new Map<string, number>();
  private readonly rests: Rests;
  /** Changes when somebody else has written to the file, an operator. */
  private dataVersion: unknown;
  private nextForAllMs = 0;
  private readonly lock = new KeyedLock();
  private readonly listeners = new WorkListeners();

  private readonly disk: DiskFlush;
  private readonly batch: CommitBatch;
  private readonly checkpoints: Checkpoints;
  private readonly inbox: Inbox;

  private constructor(
    private readonly database: DatabaseSync,
    private readonly statements: Statements,
    path: string,
    private readonly ownerLock: OwnerLock,
    private readonly times: SettleTimes,
  ) {
    // First, so that a pause that is written right now counts as a change.
    this.dataVersion = statements.dataVersion.get()?.data_version;
    this.inbox = new Inbox(database, statements, times, this.undoLog);
    this.disk = new DiskFlush(path);
    this.batch = new CommitBatch(
      database,
      this.disk,
      () => this.fileFew(),
      this.undoLog,
      () => this.checkpoints.heed(),
    );
    this.checkpoints = new Checkpoints(database, path, this.disk, this.batch);
    this.rests = new Rests(statements, this.batch);
  }

  /**
   * Opens or creates the queue in `folder`.
   * @throws {QueueOpenError} when another process owns it, the file is not a queue, or it is from a newer release.
   */
  static open(folder: string, times: SettleTimes): SqliteQueue {
    const lock = OwnerLock.acquire(join(folder, 'queue.lock'));
    let database: DatabaseSync | undefined;
    try {
      const path = join(folder, 'queue.sqlite');
      closeSync(openSync(path, 'a', 0o600));
      database = new DatabaseSync(path);
      prepareDatabase(database);
      return new SqliteQueue(database, prepareStatements(database), path, lock, times);
    } catch (cause) {
      database?.close();
      lock.release();
      throw refusalOf(cause);
    }
  }

  async append(event: NewEvent): Promise<'appended' | 'duplicate'> {
    const isNew = await this.batch.write(() => {
      if (this.inbox.isFull) this.file(this.inbox.next());
      return this.inbox.put(event);
    });
    if (!isNew) return 'duplicate';
    // Or earlier, where more has come to the root before: then the worker is told of that already.
    this.listeners.tell(event.receivedAtMs + this.times.settleMs);
    return 'appended';
  }

  /** What comes one by one is filed with its own commit: it would cost the worker another one a moment later. */
  private fileFew(): void {
    if (this.inbox.isFew) this.file(this.inbox.next());
  }

  /** Whoever wants to know what waits, of a tenant or at all, has what has come until now filed first. */
  private async fileArrived(tenant?: string): Promise<void> {
    const { last } = this.inbox;
    for (;;) {
      const arrivals = this.inbox
        .next(tenant === undefined ? undefined : [tenant])
        .filter(({ sequence }) => sequence <= last);
      if (arrivals.length === 0) return;
      this.batch.writeNow(() => this.file(arrivals));
      await nextTurn();
    }
  }

  /**
   * Before roots are handed out, what may be due of what has come for these tenants, a portion at most; and once in a
   * while what has come first, whosever it is.
   */
  private fileFor({ tenants, nowMs }: ClaimRequest): void {
    if (this.inbox.isEmpty) return;
    const mayBeDue = (tenant: string) => {
      const first = this.inbox.first(tenant);
      // A root that is due by what is filed may have to rest on account of what has just come.
      return first && (first.dueAtMs <= nowMs || (this.nextDueHints.get(tenant) ?? -Infinity) <= nowMs);
    };
    const needed = this.inbox.next(tenants.filter(mayBeDue));
    const isTimeForAll = performance.now() >= this.nextForAllMs;
    if (isTimeForAll) this.nextForAllMs = performance.now() + FILE_OF_ALL_EVERY_MS;
    if (needed.length === 0 && !isTimeForAll) return;
    this.batch.writeNow(() => {
      this.file(needed);
      if (isTimeForAll) this.file(this.inbox.next());
    });
  }

  /** Within a transaction. */
  private file(arrivals: readonly Arrival[]): void {
    if (arrivals.length === 0) return;
    const roots = new Map(arrivals.map(({ tenant, root }) => [nameOfRoot(tenant, root), { tenant, root }]));
    // What came to a root in hand is the first of a new burst.
    for (const { tenant, root } of this.leases.touch(roots)) this.statements.beginRest.run(tenant, root);
    for (const { tenant } of arrivals) this.nextDueHints.delete(tenant);
    this.inbox.file(arrivals);
  }

  /** What operators have changed is noticed with the next claim, a second later at most. */
  private heedOperators(): void {
    const version = this.statements.dataVersion.get()?.data_version;
    if (version === this.dataVersion) return;
    this.dataVersion = version;
    this.nextDueHints.clear();
    this.rests.readPauses();
  }

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    this.heedOperators();
    this.fileFor(request);
    const claims: ClaimedRoot[] = [];
    let nextDueAtMs = Infinity;
    for (const tenant of request.tenants) {
      if (claims.length === request.limit) break;
      const rest = this.rests.of(tenant);
      const restEndMs = rest === undefined ? 0 : restEndsAtMs(rest, request.versionOf?.(tenant));
      if (isOnProbation(rest) && this.leases.isInHand(tenant)) continue;
      const due = restEndMs > request.nowMs ? undefined : this.dueRoot(tenant, request.nowMs);
      if (due === undefined) {
        const filedDueAtMs = this.nextDueHints.get(tenant) ?? this.firstDueAtMs(tenant, 0);
        const dueAtMs = Math.min(filedDueAtMs, this.inbox.first(tenant)?.dueAtMs ?? Infinity);
        nextDueAtMs = Math.min(nextDueAtMs, Math.max(restEndMs, dueAtMs));
        continue;
      }
      const { root, dueAtMs } = due;
      const lease = this.leases.take(tenant, root, request.nowMs, request.leaseMs);
      const events = this.statements.waitingEvents.all(tenant, root, MAX_EVENTS_PER_CLAIM).map(toQueuedEvent);
      claims.push({ tenant, root, lease: lease.token, dueAtMs, events, ...(rest && { rest }) });
    }
    return nextDueAtMs === Infinity ? { claims } : { claims, nextDueAtMs };
  }

  private firstDueAtMs(tenant: string, afterMs: number): number {
    return numberOr(this.statements.nextDue.get(tenant, afterMs)?.due_at, Infinity);
  }

  private dueRoot(tenant: string, nowMs: number): Pick<ClaimedRoot, 'root' | 'dueAtMs'> | undefined {
    if ((this.nextDueHints.get(tenant) ?? -Infinity) > nowMs) return undefined;
    let freeAtMs = Infinity;
    // One more than are in hand: then at least one of them is free, if there is any.
    const most = this.leases.countOf(tenant) + 1;
    for (const { root, due_at: dueAtMs } of this.statements.dueRoots.all(tenant, nowMs, most)) {
      if (typeof root !== 'string') continue;
      const restMs = this.leases.restMs(tenant, root);
      if (restMs === 0) return { root, dueAtMs: Number(dueAtMs) };
      freeAtMs = Math.min(freeAtMs, nowMs + restMs);
    }
    this.nextDueHints.set(tenant, Math.min(freeAtMs, this.firstDueAtMs(tenant, nowMs)));
    return undefined;
  }

  async settle(claim: ClaimedRoot, settlement: Settlement): Promise<boolean> {
    const { tenant, root } = claim;
    const settled = await this.batch.write(() => {
      const lease = this.leases.of(tenant, root);
      if (lease?.token !== claim.lease) return false;
      storeSettlement(this.statements, claim, settlement);
      if (!lease.touched) this.rescheduleOrForget(tenant, root, lease.claimedAtMs);
      return true;
    });
    if (settled) this.endLease(claim);
    return settled;
  }

  announce(claim: ClaimedRoot, records: readonly RecordMarkUpdate[]): Promise<boolean> {
    return this.batch.write(() => {
      if (!this.isHeld(claim)) return false;
      storeMarks(this.statements, claim, records);
      return true;
    });
  }

  /** After the commit only: what a failed commit has not stored must not look done. */
  private endLease({ tenant, root, lease }: ClaimedRoot): void {
    if (this.leases.of(tenant, root)?.token === lease) this.leases.drop(tenant, root);
    this.nextDueHints.delete(tenant);
  }

  private rescheduleOrForget(tenant: string, root: string, claimedAtMs: number): void {
    const retryAtMs = numberOr(this.statements.earliestRetry.get(tenant, root)?.due_at, undefined);
    const wakeAtMs = numberOr(this.statements.wakeOf.get(tenant, root)?.wake_at, undefined);
    const dueAtMs = dueAfterClaim(claimedAtMs, retryAtMs, wakeAtMs);
    if (dueAtMs === undefined) this.statements.deleteRoot.run(tenant, root);
    else this.statements.rescheduleRoot.run(dueAtMs, tenant, root);
  }

  async move(claim: ClaimedRoot, root: string, dueAtMs: number): Promise<boolean> {
    const moved = await this.batch.write(() => {
      if (this.leases.of(claim.tenant, claim.root)?.token !== claim.lease) return false;
      this.statements.moveEvents.run(claim.tenant, claim.root, root);
      this.statements.deleteRoot.run(claim.tenant, claim.root);
      // A root with fresh events of its own keeps the rest that these need.
      const isFresh = typeof this.statements.findRoot.get(claim.tenant, root)?.first_at === 'number';
      if (!isFresh) this.beginRest({ tenant: claim.tenant, root }, dueAtMs - this.times.settleMs);
      return true;
    });
    if (moved) this.endLease(claim);
    return moved;
  }

  /** As if an event had come to the root. */
  private beginRest(name: Pick<ClaimedRoot, 'tenant' | 'root'>, atMs: number): void {
    const { settleMs, settleMaxMs } = this.times;
    this.leases.touch(new Map([[nameOfRoot(name.tenant, name.root), name]]));
    this.statements.putRoot.run(name.tenant, name.root, atMs + Math.min(settleMs, settleMaxMs), atMs);
  }

  async release(claim: ClaimedRoot, dueAtMs: number): Promise<void> {
    const { tenant, root } = claim;
    const lease = this.leases.of(tenant, root);
    if (lease?.token !== claim.lease) return;
    try {
      await this.batch.write(() => {
        if (!lease.touched) this.statements.rescheduleRoot.run(dueAtMs, tenant, root);
      });
    } finally {
      // Whether or not the new time could be stored: nobody works on the root any more.
      this.endLease(claim);
    }
  }

  makeDue(tenant: string, nowMs: number): Promise<void> {
    return this.batch.write(() => {
      this.statements.makeDue.run(nowMs, tenant);
      this.nextDueHints.delete(tenant);
    });
  }

  async nextDueAtMs(tenant: string): Promise<number | undefined> {
    await this.fileArrived(tenant);
    return numberOr(this.statements.firstDueWithEvents.get(tenant)?.due_at, undefined);
  }

  async changeRest(tenant: string, change: (rest: TenantRest | undefined) => TenantRest | undefined) {
    return this.rests.change(tenant, change);
  }

  async restOf(tenant: string): Promise<TenantRest | undefined> {
    return this.rests.of(tenant);
  }

  async operatorPauses(): Promise<readonly string[]> {
    this.heedOperators();
    return this.rests.stoppedTenants();
  }

  isHeld({ tenant, root, lease }: ClaimedRoot): boolean {
    return this.leases.of(tenant, root)?.token === lease;
  }

  runAlone<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    return this.lock.run(names, task);
  }

  /** No other process has this store; what waits here waits for tasks of this process, which end with it. */
  endWaits(): void {}

  replicas(): number {
    return 1;
  }

  onWork(listener: (dueAtMs: number) => void): () => void {
    return this.listeners.add(listener);
  }

  async overdue(dueBeforeMs: number, most: number) {
    await this.fileArrived();
    const rows = this.statements.overdue.all(dueBeforeMs, most);
    return rows.map((row) => toOverdueTenant(row, this.rests.of(String(row.tenant))));
  }

  async backlog(tenant?: string): Promise<Backlog> {
    await this.fileArrived(tenant);
    return toBacklog(
      tenant === undefined ? this.statements.backlog.get() : this.statements.backlogOfTenant.get(tenant),
    );
  }

  async waitingSpan(tenant: string): Promise<WaitingSpan | undefined> {
    await this.fileArrived(tenant);
    return toWaitingSpan(this.statements.waitingSpan.get(tenant));
  }

  async cursor(tenant: string): Promise<string | undefined> {
    const cursor = this.statements.findCursor.get(tenant)?.cursor;
    return typeof cursor === 'string' ? cursor : undefined;
  }

  saveCursor(tenant: string, cursor: string): Promise<void> {
    return this.batch.write(() => {
      this.statements.putCursor.run(tenant, cursor);
    });
  }

  async sweep(limits: SweepLimits): Promise<boolean> {
    const isMore = await this.batch.write(() => sweepStep(this.database, this.statements, limits));
    if (!isMore) {
      await this.checkpoints.run();
      emptyLog(this.database);
    }
    return isMore;
  }

  async recordMarks(tenant: string, connection: string, keys: readonly string[]): Promise<Map<string, RecordMark>> {
    const rows = this.statements.findRecords.all(tenant, connection, JSON.stringify(keys));
    return new Map(rows.map((row) => [String(row.key), toRecordMark(row)]));
  }

  async rootOf(tenant: string, keys: readonly string[]): Promise<string | undefined> {
    for (const key of keys) {
      const root = this.statements.findRecordRoot.get(tenant, key)?.root;
      if (typeof root === 'string') return root;
    }
    return undefined;
  }

  async check(): Promise<void> {
    this.statements.probe.get();
    // After a failed commit the store counts as broken until one succeeds; one that writes a page is tried to find out.
    if (this.batch.failure) await this.batch.write(() => this.statements.rewriteVersion.run());
  }

  async close(): Promise<void> {
    // What is not filed the next start finds where it is.
    await this.batch.drained();
    await this.checkpoints.close();
    this.disk.close();
    this.ownerLock.release();
  }
}
