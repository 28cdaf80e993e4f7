import type { DatabaseSync } from 'node:sqlite';
import type { NewEvent, SettleTimes } from '../queue.js';
import { nameOfRoot } from './leases.js';
import type { Statements } from './statements.js';
import type { UndoLog } from './undo-log.js';

/** Filing so many takes a few milliseconds. */
export const MOST_FILED_AT_ONCE = 250;
/** Beyond that whoever accepts files as much as it accepts. Each takes some 400 bytes of memory. */
const MOST_UNFILED = 5_000;
/** Of so few nothing is saved by waiting for more. */
const FEW_EVENTS = 4;

/** An event that was accepted and is not filed yet. */
export interface Arrival {
  readonly sequence: number;
  readonly tenant: string;
  readonly root: string;
  /** Of tenant and event id: what makes it a duplicate. */
  readonly name: string;
  /** Its root is not due before that on its account. */
  readonly dueAtMs: number;
}

/**
 * The events that have arrived and of which nothing else knows yet. Accepting only puts rows one after another, some
 * ten to a page of the file. What they mean for the other tables (which root they belong to, when that is due, where
 * they are found by their id) changes a page in each of four B-trees, all of which are in the order of tenants. So
 * they are filed tenant by tenant, as many at once as have come: then they share these pages
 * (`docs/decisions/0003-sqlite-queue.md`). Every method that reads or writes the file runs in a transaction.
 */
export class Inbox {
  private readonly names = new Set<string>();
  /** In the order of arrival. */
  private readonly byTenant = new Map<string, Arrival[]>();
  private lastSequence = 0;
  private readonly fileThese: (sequences: readonly number[]) => void;

  constructor(
    database: DatabaseSync,
    private readonly statements: Statements,
    private readonly times: SettleTimes,
    private readonly undoLog: UndoLog,
  ) {
    this.fileThese = prepareFiling(database);
    this.readLeft();
  }

  /** @returns false when the event is known already, here or among the filed ones */
  put({ tenant, id, type, root, occurredAtMs, receivedAtMs, payload }: NewEvent): boolean {
    const name = nameOfRoot(tenant, id);
    if (this.names.has(name) || this.statements.findEvent.get(tenant, id) !== undefined) return false;
    const { settleMs, settleMaxMs } = this.times;
    const { putInInbox } = this.statements;
    const { lastInsertRowid } = putInInbox.run(
      ...[tenant, id, type, root, occurredAtMs, receivedAtMs, settleMs, settleMaxMs, payload],
    );
    const dueAtMs = receivedAtMs + Math.min(settleMs, settleMaxMs);
    const arrival = { sequence: Number(lastInsertRowid), tenant, root, name, dueAtMs };
    this.note(arrival);
    this.undoLog.note(() => this.takeBack(arrival));
    return true;
  }

  /**
   * Files these. They must be each tenant's first ones: the file remembers how far a tenant is filed, so what is passed
   * over counts as filed, and is gone.
   * @throws {Error} when they are not; nothing is filed then
   */
  file(arrivals: readonly Arrival[]): void {
    const groups = [...Map.groupBy(arrivals, ({ tenant }) => tenant)].map(([tenant, group]) => {
      const own = this.byTenant.get(tenant) ?? [];
      if (own[group.length - 1] !== group.at(-1)) throw new Error('Only what came first of a tenant can be filed.');
      return { tenant, own, left: own.slice(group.length) };
    });
    this.fileThese(arrivals.map(({ sequence }) => sequence));
    for (const { name } of arrivals) this.names.delete(name);
    for (const { tenant, left } of groups) this.keep(tenant, left);
    this.undoLog.note(() => {
      for (const { name } of arrivals) this.names.add(name);
      for (const { tenant, own } of groups) this.keep(tenant, own);
    });
  }

  /** What a process that ended has left. */
  private readLeft(): void {
    for (const row of this.statements.arrivals.all()) {
      const [tenant, root] = [String(row.tenant), String(row.root)];
      const name = nameOfRoot(tenant, String(row.id));
      this.note({ sequence: Number(row.sequence), tenant, root, name, dueAtMs: Number(row.due_at) });
    }
  }

  get isEmpty(): boolean {
    return this.names.size === 0;
  }

  get isFew(): boolean {
    return this.names.size <= FEW_EVENTS;
  }

  get isFull(): boolean {
    return this.names.size >= MOST_UNFILED;
  }

  /** The number of the event that has come last. */
  get last(): number {
    return this.lastSequence;
  }

  /** Of this tenant's events the one that has waited longest. */
  first(tenant: string): Arrival | undefined {
    return this.byTenant.get(tenant)?.[0];
  }

  /** What to file at once of these tenants, by default of all, those first whose events have waited longest. */
  next(tenants: readonly string[] = this.longestWaiting()): readonly Arrival[] {
    const next: Arrival[] = [];
    for (const tenant of tenants) {
      if (next.length === MOST_FILED_AT_ONCE) break;
      next.push(...(this.byTenant.get(tenant) ?? []).slice(0, MOST_FILED_AT_ONCE - next.length));
    }
    return next;
  }

  private longestWaiting(): readonly string[] {
    const firsts = [...this.byTenant.values()].flatMap(([first]) => first ?? []);
    return firsts.toSorted((a, b) => a.sequence - b.sequence).map(({ tenant }) => tenant);
  }

  private note(arrival: Arrival): void {
    this.names.add(arrival.name);
    this.lastSequence = arrival.sequence;
    const others = this.byTenant.get(arrival.tenant);
    if (others) others.push(arrival);
    else this.byTenant.set(arrival.tenant, [arrival]);
  }

  /** It is the last one of its tenant. */
  private takeBack({ name, tenant }: Arrival): void {
    this.names.delete(name);
    this.keep(tenant, (this.byTenant.get(tenant) ?? []).slice(0, -1));
  }

  private keep(tenant: string, arrivals: Arrival[]): void {
    if (arrivals.length === 0) this.byTenant.delete(tenant);
    else this.byTenant.set(tenant, arrivals);
  }
}

/**
 * Prepares what files arrivals by their numbers, within a transaction: as if each had been put into `events` by itself,
 * in the order of the list, in which those of a tenant ascend. What somebody else has filed meanwhile is passed over. A root is due once it has rested
 * after its last event, but does not rest for longer than the most after its first one that was not handed out yet.
 */
export function prepareFiling(database: DatabaseSync): (sequences: readonly number[]) => void {
  const taken =
    '(SELECT value AS number FROM json_each(?)) AS taken CROSS JOIN arrivals ON arrivals.sequence = taken.number';
  const steps = [
    `INSERT INTO events (tenant, id, type, root, occurred_at, received_at, payload)
       SELECT tenant, id, type, root, occurred_at, received_at, payload FROM ${taken}
       WHERE true ON CONFLICT (tenant, id) DO NOTHING`,
    `INSERT INTO roots (tenant, root, due_at, first_at)
       SELECT first.tenant, first.root,
              min(last.received_at + last.rest, coalesce(roots.first_at, first.received_at) + last.rest_max),
              coalesce(roots.first_at, first.received_at)
       FROM (SELECT min(sequence) AS first, max(sequence) AS last FROM ${taken} GROUP BY tenant, root) AS ends
         JOIN inbox AS first ON first.sequence = ends.first
         JOIN inbox AS last ON last.sequence = ends.last
         LEFT JOIN roots ON roots.tenant = first.tenant AND roots.root = first.root
       WHERE true
       ON CONFLICT (tenant, root) DO UPDATE SET due_at = excluded.due_at, first_at = excluded.first_at`,
    `INSERT INTO filed (tenant, through) SELECT tenant, max(sequence) FROM ${taken} GROUP BY tenant
       ON CONFLICT (tenant) DO UPDATE SET through = excluded.through`,
  ].map((step) => database.prepare(step));
  // Those in front of the first that is not filed yet: rows that lie together.
  const clear = database.prepare(
    `DELETE FROM inbox WHERE sequence <
       coalesce((SELECT sequence FROM arrivals ORDER BY sequence LIMIT 1), ${Number.MAX_SAFE_INTEGER})`,
  );
  return (sequences) => {
    const list = JSON.stringify(sequences);
    for (const step of steps) step.run(list);
    clear.run();
  };
}
