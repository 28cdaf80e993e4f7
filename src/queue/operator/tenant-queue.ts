import { numberOr } from '../rows.js';
import { columnsOfEvents } from './operator-sql.js';
import { OperatorQueue } from './operator-queue.js';
import type { OperatorStore } from './operator-store.js';
import { EVENT_STATES, type EventTrace, type PauseTrace, toEventTrace } from './traces.js';

/** A count that is not counted to its end: it is asked for beside the running app, and millions may wait. */
export interface Count {
  readonly count: number;
  /** There are more. */
  readonly isMore: boolean;
}

export interface TenantBacklog {
  readonly waiting: Count;
  readonly dead: Count;
  /** When the first of its roots is or was due; undefined: nothing is planned. */
  readonly firstDueAtMs?: number;
  readonly pauses: readonly PauseTrace[];
}

/** Counted up to this. */
const MOST_COUNTED = 10_000;
/** No index leads to the newest events of one tenant: so many of the newest of all are looked through. */
export const NEWEST_LOOKED_THROUGH = 5_000;
/** Events that one order changes at most: it holds up the app's next commit. */
export const MOST_REPLAYED = 50;

/**
 * The queue as one tenant may see it. There is no way to ask it about another one, and no question takes longer because
 * much is stored.
 */
export class TenantQueue {
  private readonly all: OperatorQueue;

  constructor(
    private readonly store: OperatorStore,
    private readonly tenant: string,
  ) {
    this.all = new OperatorQueue(store);
  }

  async backlog(): Promise<TenantBacklog> {
    const roots = `${this.store.schema}roots`;
    const [first] = await this.store.run(`SELECT due_at FROM ${roots} WHERE tenant = ? ORDER BY due_at LIMIT 1`, [
      this.tenant,
    ]);
    const firstDueAtMs = numberOr(first?.due_at, undefined);
    return {
      waiting: await this.count('waiting'),
      dead: await this.count('dead'),
      ...(firstDueAtMs !== undefined && { firstDueAtMs }),
      pauses: (await this.store.pauses()).filter(({ tenant }) => tenant === this.tenant),
    };
  }

  private async count(state: 'waiting' | 'dead'): Promise<Count> {
    // The state stands in the text, or no partial index would serve.
    const [row] = await this.store.run(
      `SELECT count(*) AS events FROM (SELECT 1 FROM ${this.events} WHERE tenant = ? AND state = '${state}' LIMIT ?) AS found`,
      [this.tenant, MOST_COUNTED + 1],
    );
    const found = numberOr(row?.events, 0);
    return { count: Math.min(found, MOST_COUNTED), isMore: found > MOST_COUNTED };
  }

  /** The newest events first, as far as they are among the {@link NEWEST_LOOKED_THROUGH} newest of all tenants. */
  async newest(limit: number): Promise<readonly EventTrace[]> {
    const rows = await this.store.run(
      `SELECT ${columnsOfEvents()} FROM ${this.events}
       WHERE tenant = ? AND sequence > (SELECT coalesce(max(sequence), 0) FROM ${this.events}) - ${NEWEST_LOOKED_THROUGH}
       ORDER BY sequence DESC LIMIT ?`,
      [this.tenant, limit],
    );
    return rows.map(toEventTrace);
  }

  /** The newest dead letters first. */
  dead(limit: number): Promise<readonly EventTrace[]> {
    return this.all.events({ states: ['dead'], tenant: this.tenant }, limit);
  }

  /** The newest events of one root first. */
  ofRoot(root: string, limit: number): Promise<readonly EventTrace[]> {
    return this.all.events({ states: EVENT_STATES, tenant: this.tenant, root }, limit);
  }

  /** Lets dead letters be tried again, at most {@link MOST_REPLAYED}. @returns how many */
  async replay(sequences: readonly number[], nowMs: number): Promise<number> {
    const filter = { states: ['dead'], tenant: this.tenant, sequences } as const;
    return (await this.all.replay(filter, 0, MOST_REPLAYED, nowMs)).changed;
  }

  private get events(): string {
    return `${this.store.schema}events`;
  }
}
