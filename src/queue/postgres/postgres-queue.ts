import {
  type Backlog,
  type ClaimedRoot,
  type ClaimRequest,
  type ClaimResult,
  MAX_EVENTS_PER_CLAIM,
  type NewEvent,
  type Queue,
  QueueUnavailableError,
  type RecordMark,
  type RecordMarkUpdate,
  type Settlement,
  type SettleTimes,
  type SweepLimits,
  type WaitingSpan,
} from '../queue.js';
import { numberOr, type Row, toBacklog, toOverdueTenant, toQueuedEvent, toRecordMark, toWaitingSpan } from '../rows.js';
import { stoppedByOperator, type TenantRest } from '../tenant-rest.js';
import { WorkListeners } from '../work-listeners.js';
import { AppendBatch } from './append-batch.js';
import { Connections, refusalOf } from './connection.js';
import { ReplicaLife } from './replica-life.js';
import { FIND_OPERATOR_PAUSE, FIND_OPERATOR_PAUSES, FIND_REST } from './replica-statements.js';
import { changeRest, toTenantRest } from './rests.js';
import { prepareDatabase } from './schema.js';
import { Session } from './session.js';
import { announceFor, moveClaim, settleClaim } from './settle-claim.js';
import * as sql from './statements.js';

/** How long the probe waits for the database; the platform's own patience is about that of a webhook. */
const CHECK_MS = 3_000;
/** Events forgotten in one statement: some ten milliseconds of the server. */
const MOST_SWEPT = 500;
/** How long the end waits for a database that does not answer. */
const CLOSE_MS = 2_000;

/**
 * The {@link Queue} in a PostgreSQL database that any number of replicas share. Roots are leased to replicas; leases are
 * measured by the database's clock, all other times by the callers'.
 */
export class PostgresQueue implements Queue {
  private readonly listeners = new WorkListeners();
  private readonly batch: AppendBatch;
  private readonly life: ReplicaLife;
  private readonly session: Session;

  private constructor(
    private readonly connections: Connections,
    private readonly times: SettleTimes,
  ) {
    this.batch = new AppendBatch(connections, times);
    this.life = new ReplicaLife(connections);
    this.session = new Session(connections, {
      heard: (message) => this.hear(message),
      hasOthers: () => this.life.living > 1,
    });
  }

  /**
   * Opens the queue, and prepares the database the first time.
   * @throws {QueueOpenError} with what the operator can do; the address is in no message.
   */
  static async open(url: string, times: SettleTimes): Promise<PostgresQueue> {
    const connections = new Connections(url);
    const queue = new PostgresQueue(connections, times);
    try {
      const client = await connections.session();
      await prepareDatabase(client).finally(() => client.end());
      await queue.session.open();
      await queue.life.beat();
      void queue.life.goOn();
      return queue;
    } catch (cause) {
      await queue.session.close();
      await connections.close();
      throw refusalOf(cause instanceof QueueUnavailableError ? cause.cause : cause);
    }
  }

  private hear(message: string | undefined): void {
    if (message === 'replicas') void this.life.goOn();
    // After a gap nobody knows what was missed.
    else this.listeners.tell(Number(message ?? 0));
  }

  append(event: NewEvent): Promise<'appended' | 'duplicate'> {
    return this.batch.append(event);
  }

  async claim({ tenants, limit, nowMs, leaseMs, versionOf }: ClaimRequest): Promise<ClaimResult> {
    if (tenants.length === 0) return { claims: [] };
    const versions = tenants.map((tenant) => versionOf?.(tenant) ?? null);
    const [found] = await this.connections.query(sql.LOOK, [tenants, versions, nowMs, limit]);
    const due = found?.tenants;
    const nextDueAtMs = numberOr(found?.next_due_at, undefined);
    const claims: ClaimedRoot[] = [];
    if (Array.isArray(due) && due.length > 0) {
      const dueVersions = due.map((tenant) => versions[tenants.indexOf(tenant)]);
      await this.life.take(async () => {
        claims.push(...(await this.take([due, dueVersions, nowMs, this.life.id, leaseMs])));
        return claims.map(({ lease }) => lease);
      });
    }
    return { claims, ...(nextDueAtMs !== undefined && { nextDueAtMs }) };
  }

  /** The events are read after the roots are locked: what is stored later touches its root after this claim. */
  private take(values: readonly unknown[]): Promise<ClaimedRoot[]> {
    return this.connections.transaction(async (client) => {
      const { rows } = await client.query<Row>(sql.CLAIM, [...values]);
      const taken = rows.toSorted((a, b) => Number(a.position) - Number(b.position));
      if (taken.length === 0) return [];
      const names = [taken.map(({ tenant }) => tenant), taken.map(({ root }) => root), MAX_EVENTS_PER_CLAIM];
      const { rows: waiting } = await client.query<Row>(sql.WAITING_EVENTS, names);
      return taken.map((row, index) => {
        const rest = toTenantRest(row);
        return {
          tenant: String(row.tenant),
          root: String(row.root),
          lease: Number(row.lease),
          dueAtMs: Number(row.due_at),
          events: waiting.filter(({ position }) => Number(position) === index + 1).map(toQueuedEvent),
          ...(rest && { rest }),
        };
      });
    });
  }

  async settle(claim: ClaimedRoot, settlement: Settlement): Promise<boolean> {
    const settled = await this.connections.transaction((client) => settleClaim(client, claim, settlement));
    this.life.drop(claim.lease);
    return settled;
  }

  announce(claim: ClaimedRoot, records: readonly RecordMarkUpdate[]): Promise<boolean> {
    return this.connections.transaction((client) => announceFor(client, claim, records));
  }

  async move(claim: ClaimedRoot, root: string, dueAtMs: number): Promise<boolean> {
    const moved = await this.connections.transaction((client) =>
      moveClaim(client, claim, { root, dueAtMs }, this.times),
    );
    this.life.drop(claim.lease);
    return moved;
  }

  async release({ tenant, root, lease }: ClaimedRoot, dueAtMs: number): Promise<void> {
    this.life.drop(lease);
    await this.connections.query(sql.RELEASE, [tenant, root, lease, dueAtMs]);
  }

  isHeld({ lease }: ClaimedRoot): boolean {
    return this.life.isHeld(lease);
  }

  async makeDue(tenant: string, nowMs: number): Promise<void> {
    await this.connections.query(sql.MAKE_DUE, [tenant, nowMs]);
  }

  async nextDueAtMs(tenant: string): Promise<number | undefined> {
    const [row] = await this.connections.query(sql.FIRST_DUE_WITH_EVENTS, [tenant]);
    return numberOr(row?.due_at, undefined);
  }

  changeRest(tenant: string, change: (rest: TenantRest | undefined) => TenantRest | undefined) {
    return this.connections.transaction((client) => changeRest(client, tenant, change));
  }

  async restOf(tenant: string): Promise<TenantRest | undefined> {
    const [row] = await this.connections.query(FIND_REST, [tenant]);
    const rest = row && toTenantRest(row);
    const [stop] = await this.connections.query(FIND_OPERATOR_PAUSE, [tenant]);
    return stop ? stoppedByOperator(rest) : rest;
  }

  async operatorPauses(): Promise<readonly string[]> {
    const rows = await this.connections.query(FIND_OPERATOR_PAUSES, []);
    return rows.map(({ tenant }) => String(tenant));
  }

  runAlone<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    return this.session.runAlone(names, task);
  }

  endWaits(): void {
    this.session.endWaits();
  }

  replicas(): number {
    return this.life.living;
  }

  onWork(listener: (dueAtMs: number) => void): () => void {
    return this.listeners.add(listener);
  }

  async overdue(dueBeforeMs: number, most: number) {
    const rows = await this.connections.query(sql.OVERDUE, [dueBeforeMs, most]);
    return rows.map((row) => {
      const rest = toTenantRest(row);
      return toOverdueTenant(row, row.is_stopped === true ? stoppedByOperator(rest) : rest);
    });
  }

  async backlog(tenant?: string): Promise<Backlog> {
    const [row] =
      tenant === undefined
        ? await this.connections.query(sql.BACKLOG, [])
        : await this.connections.query(sql.BACKLOG_OF_TENANT, [tenant]);
    return toBacklog(row);
  }

  async waitingSpan(tenant: string): Promise<WaitingSpan | undefined> {
    const [row] = await this.connections.query(sql.WAITING_SPAN, [tenant]);
    return toWaitingSpan(row);
  }

  async recordMarks(tenant: string, connection: string, keys: readonly string[]): Promise<Map<string, RecordMark>> {
    const rows = await this.connections.query(sql.FIND_RECORDS, [tenant, connection, keys]);
    return new Map(rows.map((row) => [String(row.key), toRecordMark(row)]));
  }

  async rootOf(tenant: string, keys: readonly string[]): Promise<string | undefined> {
    const [row] = await this.connections.query(sql.FIND_RECORD_ROOT, [tenant, keys]);
    return row && String(row.root);
  }

  async cursor(tenant: string): Promise<string | undefined> {
    const [row] = await this.connections.query(sql.FIND_CURSOR, [tenant]);
    return row && String(row.cursor);
  }

  async saveCursor(tenant: string, cursor: string): Promise<void> {
    await this.connections.query(sql.PUT_CURSOR, [tenant, cursor]);
  }

  async sweep({ payloadsBeforeMs, eventsBeforeMs }: SweepLimits): Promise<boolean> {
    const [deleted] = await this.connections.query(sql.DELETE_FORGOTTEN, [eventsBeforeMs, MOST_SWEPT]);
    const [emptied] = await this.connections.query(sql.FORGET_PAYLOADS, [payloadsBeforeMs, MOST_SWEPT]);
    return Number(deleted?.changed) === MOST_SWEPT || Number(emptied?.changed) === MOST_SWEPT;
  }

  async check(): Promise<void> {
    // After a failed append the store counts as broken until it has stored something: the beat is a write.
    const probe = this.batch.failed ? this.life.beat() : this.connections.query(sql.PROBE, []);
    await within(CHECK_MS, probe);
  }

  async close(): Promise<void> {
    await within(CLOSE_MS, this.batch.drain()).catch(ignored);
    await within(CLOSE_MS, this.life.end()).catch(ignored);
    await within(CLOSE_MS, Promise.all([this.session.close(), this.connections.close()])).catch(ignored);
  }
}

/** At the end nobody can do anything about it: leases and locks then end by themselves. */
function ignored(): void {}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new QueueUnavailableError('The database does not answer.')), ms);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
