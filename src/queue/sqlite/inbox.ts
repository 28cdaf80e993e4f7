import type { DatabaseSync } from 'node:sqlite';
import type { NewEvent, SettleTimes } from '../queue.js';
import { nameOfRoot } from './leases.js';
import type { Statements } from './statements.js';

/** At most about so many events wait to be filed: a few milliseconds of work, and little memory. */
const MOST_EVENTS = 250;
/** Of so few nothing is saved by waiting for more. */
const FEW_EVENTS = 4;

export interface RootName {
  readonly tenant: string;
  readonly root: string;
}

/**
 * The events that have arrived since somebody last asked what there is to do. Accepting only puts rows one after
 * another, some ten to a page of the file. What they mean for the other tables (which root they belong to, when that is
 * due, where they are found by their id) changes a page in each of four B-trees, so it is filed for all at once as soon
 * as somebody wants to know (`docs/decisions/0003-sqlite-queue.md`). Every method but the getters runs in a transaction.
 */
export class Inbox {
  private readonly ids = new Set<string>();
  private readonly rootsByName = new Map<string, RootName>();
  private readonly fileAll: () => void;

  constructor(
    database: DatabaseSync,
    private readonly statements: Statements,
    private readonly times: SettleTimes,
  ) {
    this.fileAll = prepareFiling(database);
    this.readAgain();
  }

  /** @returns false when the event is known already, here or among the filed ones */
  put({ tenant, id, type, root, occurredAtMs, receivedAtMs, payload }: NewEvent): boolean {
    const name = nameOfRoot(tenant, id);
    if (this.ids.has(name) || this.statements.findEvent.get(tenant, id) !== undefined) return false;
    const { settleMs, settleMaxMs } = this.times;
    const { putInInbox } = this.statements;
    putInInbox.run(tenant, id, type, root, occurredAtMs, receivedAtMs, settleMs, settleMaxMs, payload);
    this.note(tenant, id, root);
    return true;
  }

  file(): void {
    this.fileAll();
    this.ids.clear();
    this.rootsByName.clear();
  }

  /** After a transaction that was undone, and for what a killed process has left. */
  readAgain(): void {
    this.ids.clear();
    this.rootsByName.clear();
    for (const { tenant, id, root } of this.statements.inbox.all()) this.note(String(tenant), String(id), String(root));
  }

  get isEmpty(): boolean {
    return this.ids.size === 0;
  }

  get isFew(): boolean {
    return this.ids.size <= FEW_EVENTS;
  }

  get isFull(): boolean {
    return this.ids.size >= MOST_EVENTS;
  }

  /** The roots of the events, each once. */
  get roots(): ReadonlyMap<string, RootName> {
    return this.rootsByName;
  }

  private note(tenant: string, id: string, root: string): void {
    this.ids.add(nameOfRoot(tenant, id));
    this.rootsByName.set(nameOfRoot(tenant, root), { tenant, root });
  }
}

/**
 * Prepares what files whatever is in the inbox, within a transaction: as if each event had been put into `events` by
 * itself, in the order of arrival. A root is due once it has rested after its last event, but does not rest for longer
 * than the most after its first one that was not handed out yet.
 */
export function prepareFiling(database: DatabaseSync): () => void {
  const steps = [
    `INSERT INTO events (sequence, tenant, id, type, root, occurred_at, received_at, payload)
       SELECT sequence, tenant, id, type, root, occurred_at, received_at, payload FROM inbox
       WHERE true ORDER BY sequence ON CONFLICT (tenant, id) DO NOTHING`,
    `INSERT INTO roots (tenant, root, due_at, first_at)
       SELECT first.tenant, first.root,
              min(last.received_at + last.rest, coalesce(roots.first_at, first.received_at) + last.rest_max),
              coalesce(roots.first_at, first.received_at)
       FROM (SELECT min(sequence) AS first, max(sequence) AS last FROM inbox GROUP BY tenant, root) AS ends
         JOIN inbox AS first ON first.sequence = ends.first
         JOIN inbox AS last ON last.sequence = ends.last
         LEFT JOIN roots ON roots.tenant = first.tenant AND roots.root = first.root
       WHERE true
       ON CONFLICT (tenant, root) DO UPDATE SET due_at = excluded.due_at, first_at = excluded.first_at`,
    'DELETE FROM inbox',
  ].map((step) => database.prepare(step));
  return () => {
    for (const step of steps) step.run();
  };
}
