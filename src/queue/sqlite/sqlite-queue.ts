import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
  type Settlement,
  type SettleTimes,
  type SweepLimits,
} from '../queue.js';
import { numberOr, toBacklog, toQueuedEvent, toRecordMark } from '../rows.js';
import { isOnProbation, restEndsAtMs, type TenantRest } from '../tenant-rest.js';
import { WorkListeners } from '../work-listeners.js';
import { CommitBatch } from './commit-batch.js';
import { Leases } from './leases.js';
import { OwnerLock } from './owner-lock.js';
import { refusalOf } from './refusals.js';
import { Rests } from './rests.js';
import { prepareDatabase } from './schema.js';
import { prepareStatements, type Statements } from './statements.js';
import { storeSettlement } from './store-settlement.js';
import { sweepStep } from './sweep.js';

/**
 * The {@link Queue} in one SQLite file of this process: write-ahead log, a disk flush per commit, one commit per
 * event-loop turn.
 */
export class SqliteQueue implements Queue {
  private readonly leases = new Leases();
  /** Lower bound of each tenant's next due instant; a tenant without an entry must be looked up. */
  private readonly nextDueHints = new Map<string, number>();
  private readonly rests: Rests;
  /** Changes when somebody else has written to the file, an operator. */
  private dataVersion: unknown;
  private readonly lock = new KeyedLock();
  private readonly listeners = new WorkListeners();

  private constructor(
    private readonly database: DatabaseSync,
    private readonly statements: Statements,
    private readonly batch: CommitBatch,
    private readonly ownerLock: OwnerLock,
    private readonly times: SettleTimes,
  ) {
    // First, so that a pause that is written right now counts as a change.
    this.dataVersion = statements.dataVersion.get()?.data_version;
    this.rests = new Rests(statements, batch);
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
      return new SqliteQueue(database, prepareStatements(database), new CommitBatch(database), lock, times);
    } catch (cause) {
      database?.close();
      lock.release();
      throw refusalOf(cause);
    }
  }

  async append(event: NewEvent): Promise<'appended' | 'duplicate'> {
    const dueAtMs = await this.batch.write(() => {
      const { tenant, id, type, root, occurredAtMs, receivedAtMs, payload } = event;
      const { changes } = this.statements.insertEvent.run(tenant, id, type, root, occurredAtMs, receivedAtMs, payload);
      return changes === 0 ? undefined : this.touchRoot(tenant, root, receivedAtMs);
    });
    if (dueAtMs === undefined) return 'duplicate';
    this.listeners.tell(dueAtMs);
    return 'appended';
  }

  /** @returns when the root is due now */
  private touchRoot(tenant: string, root: string, nowMs: number): number {
    const lease = this.leases.of(tenant, root);
    const firstOfBurst = lease !== undefined && !lease.touched;
    if (lease) lease.touched = true;
    const found = firstOfBurst ? undefined : this.statements.findRoot.get(tenant, root);
    const firstAtMs = numberOr(found?.first_at, nowMs);
    const dueAtMs = Math.min(nowMs + this.times.settleMs, firstAtMs + this.times.settleMaxMs);
    this.statements.putRoot.run(tenant, root, dueAtMs, firstAtMs);
    const hint = this.nextDueHints.get(tenant);
    if (hint !== undefined && dueAtMs < hint) this.nextDueHints.set(tenant, dueAtMs);
    return dueAtMs;
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
    const claims: ClaimedRoot[] = [];
    let nextDueAtMs = Infinity;
    for (const tenant of request.tenants) {
      if (claims.length === request.limit) break;
      const rest = this.rests.of(tenant);
      const restEndMs = rest === undefined ? 0 : restEndsAtMs(rest, request.versionOf?.(tenant));
      if (isOnProbation(rest) && this.leases.isInHand(tenant, request.nowMs)) continue;
      const root = restEndMs > request.nowMs ? undefined : this.dueRoot(tenant, request.nowMs);
      if (root === undefined) {
        const dueAtMs = this.nextDueHints.get(tenant) ?? this.firstDueAtMs(tenant, 0);
        nextDueAtMs = Math.min(nextDueAtMs, Math.max(restEndMs, dueAtMs));
        continue;
      }
      const lease = this.leases.take(tenant, root, request.nowMs, request.nowMs + request.leaseMs);
      const events = this.statements.waitingEvents.all(tenant, root, MAX_EVENTS_PER_CLAIM).map(toQueuedEvent);
      claims.push({ tenant, root, lease: lease.token, events, ...(rest && { rest }) });
    }
    return nextDueAtMs === Infinity ? { claims } : { claims, nextDueAtMs };
  }

  private firstDueAtMs(tenant: string, afterMs: number): number {
    return numberOr(this.statements.nextDue.get(tenant, afterMs)?.due_at, Infinity);
  }

  private dueRoot(tenant: string, nowMs: number): string | undefined {
    if ((this.nextDueHints.get(tenant) ?? -Infinity) > nowMs) return undefined;
    let freeAtMs = Infinity;
    // One more than are in hand: then at least one of them is free, if there is any.
    for (const { root } of this.statements.dueRoots.all(tenant, nowMs, this.leases.size + 1)) {
      if (typeof root !== 'string') continue;
      const lease = this.leases.of(tenant, root);
      if (lease === undefined || lease.untilMs <= nowMs) return root;
      freeAtMs = Math.min(freeAtMs, lease.untilMs);
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
      if (!isFresh) this.touchRoot(claim.tenant, root, dueAtMs - this.times.settleMs);
      return true;
    });
    if (moved) this.endLease(claim);
    return moved;
  }

  async release(claim: ClaimedRoot, dueAtMs: number): Promise<void> {
    const { tenant, root } = claim;
    const lease = this.leases.of(tenant, root);
    if (lease?.token !== claim.lease) return;
    // The lease ends whether or not the new time can be stored: nobody works on the root any more.
    this.endLease(claim);
    if (!lease.touched) await this.batch.write(() => this.statements.rescheduleRoot.run(dueAtMs, tenant, root));
    this.nextDueHints.delete(tenant);
  }

  makeDue(tenant: string, nowMs: number): Promise<void> {
    return this.batch.write(() => {
      this.statements.makeDue.run(nowMs, tenant);
      this.nextDueHints.delete(tenant);
    });
  }

  async nextDueAtMs(tenant: string): Promise<number | undefined> {
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

  replicas(): number {
    return 1;
  }

  onWork(listener: (dueAtMs: number) => void): () => void {
    return this.listeners.add(listener);
  }

  async backlog(tenant?: string): Promise<Backlog> {
    return toBacklog(
      tenant === undefined ? this.statements.backlog.get() : this.statements.backlogOfTenant.get(tenant),
    );
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

  sweep(limits: SweepLimits): Promise<boolean> {
    return this.batch.write(() => sweepStep(this.database, this.statements, limits));
  }

  async recordMarks(tenant: string, connection: string, keys: readonly string[]): Promise<Map<string, RecordMark>> {
    const marks = new Map<string, RecordMark>();
    for (const key of keys) {
      const row = this.statements.findRecord.get(tenant, connection, key);
      if (row) marks.set(key, toRecordMark(row));
    }
    return marks;
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
    this.batch.flush();
    this.database.close();
    this.ownerLock.release();
  }
}
