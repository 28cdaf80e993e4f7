import { numberOr } from '../rows.js';
import {
  columnsOfEvents,
  ENDED,
  fromOf,
  partsOf,
  WAITING,
  whereOf,
  withAccounts,
  withTenants,
} from './operator-sql.js';
import type { OperatorStore, RunSql, StoreFacts } from './operator-store.js';
import {
  type EventFilter,
  type EventGroup,
  type EventTrace,
  type PauseTrace,
  type RecordTrace,
  type RootTrace,
  type TenantTrace,
  toEventGroup,
  toEventTrace,
  toRecordTrace,
  toRootTrace,
} from './traces.js';

export interface QueueStatus {
  readonly store: StoreFacts;
  /** Every tenant that the queue holds something of. */
  readonly tenants: readonly TenantTrace[];
  readonly pauses: readonly PauseTrace[];
  /** Events that are known at least by their id, whatever became of them. */
  readonly events: number;
}

/** What an operator may have at hand of a record. */
export interface Names {
  readonly sequences: readonly number[];
  readonly eventIds: readonly string[];
  readonly keys: readonly string[];
  readonly roots: readonly string[];
  /** A locator that only the payload of a waiting event or a dead letter may name. */
  readonly mention?: string;
}

/** One bounded step through the events of a filter. */
export interface Step {
  readonly changed: number;
  /** Where the next step goes on; undefined: that was all. */
  readonly after?: number;
}

/** A queue as an operator sees it, beside the running app. No payload ever leaves it. */
export class OperatorQueue {
  constructor(private readonly store: OperatorStore) {}

  async status(): Promise<QueueStatus> {
    const { run } = this.store;
    const waiting = await run(
      `SELECT tenant, count(*) AS waiting, min(received_at) AS oldest, sum(CASE WHEN tries > 0 THEN 1 ELSE 0 END) AS retrying
       FROM ${this.table('events')} WHERE state = 'waiting' GROUP BY tenant`,
    );
    const dead = await run(
      `SELECT tenant, count(*) AS dead FROM ${this.table('events')} WHERE state = 'dead' GROUP BY tenant`,
    );
    const [total] = await run(`SELECT count(*) AS events FROM ${this.table('events')}`);
    const tenants = await this.tenants();
    return {
      store: await this.store.facts(),
      tenants: tenants.map((tenant) => {
        const row = waiting.find((one) => one.tenant === tenant);
        const oldestReceivedAtMs = numberOr(row?.oldest, undefined);
        return {
          tenant,
          waiting: numberOr(row?.waiting, 0),
          retrying: numberOr(row?.retrying, 0),
          dead: numberOr(dead.find((one) => one.tenant === tenant)?.dead, 0),
          ...(oldestReceivedAtMs !== undefined && { oldestReceivedAtMs }),
        };
      }),
      pauses: await this.store.pauses(),
      events: numberOr(total?.events, 0),
    };
  }

  /** Every tenant that the queue holds something of, in their order. */
  async tenants(): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const table of ['events', 'records', 'cursors']) {
      const rows = await this.store.run(`${withTenants(this.table(table))} SELECT tenant FROM tenants`);
      for (const { tenant } of rows) if (tenant !== null) found.add(String(tenant));
    }
    for (const { tenant } of await this.store.pauses()) found.add(tenant);
    return [...found].toSorted();
  }

  /** How many events of which tenant, type and reason; the most first. */
  async groups(filter: EventFilter): Promise<readonly EventGroup[]> {
    const { text, values } = whereOf(filter);
    const rows = await this.store.run(
      `SELECT tenant, type, code, count(*) AS events, sum(CASE WHEN payload = '' THEN 1 ELSE 0 END) AS forgotten
       FROM ${this.from(filter)} WHERE ${text} GROUP BY tenant, type, code ORDER BY count(*) DESC, tenant, type, code`,
      values,
    );
    return rows.map(toEventGroup);
  }

  async count(filter: EventFilter): Promise<number> {
    const { text, values } = whereOf(filter);
    const [row] = await this.store.run(`SELECT count(*) AS events FROM ${this.from(filter)} WHERE ${text}`, values);
    return numberOr(row?.events, 0);
  }

  /** The newest of them, at most `limit`. */
  async events(filter: EventFilter, limit: number): Promise<readonly EventTrace[]> {
    const { text, values } = whereOf(filter);
    const found: EventTrace[] = [];
    for (const { condition, newestFirst } of partsOf(filter)) {
      const rows = await this.store.run(
        `SELECT ${columnsOfEvents()} FROM ${this.table('events')} WHERE ${text} AND ${condition}
         ORDER BY ${newestFirst} LIMIT ?`,
        [...values, limit],
      );
      found.push(...rows.map(toEventTrace));
    }
    return found.toSorted((a, b) => b.sequence - a.sequence).slice(0, limit);
  }

  /** The events that the names name themselves. */
  async named({ sequences, eventIds }: Pick<Names, 'sequences' | 'eventIds'>): Promise<readonly EventTrace[]> {
    const events = this.table('events');
    const bySequence = await this.store.run(
      `SELECT ${columnsOfEvents()} FROM ${events} WHERE sequence IN (${marksFor(sequences)})`,
      sequences,
    );
    const byId = await this.store.run(
      `${withTenants(events)} SELECT ${columnsOfEvents('e.')} FROM tenants CROSS JOIN ${events} e
       WHERE e.tenant = tenants.tenant AND e.id IN (${marksFor(eventIds)})`,
      eventIds,
    );
    return [...bySequence, ...byId].map(toEventTrace);
  }

  /** The roots that an operator may mean, and when each is due. */
  async rootsOf(names: Names): Promise<readonly RootTrace[]> {
    const { keys, roots } = names;
    const records = this.table('records');
    const places = this.table('record_roots');
    const events = this.table('events');
    const found = [
      ...(await this.named(names)),
      ...(await this.store.run(
        `${withTenants(places)} SELECT p.tenant, p.root FROM tenants CROSS JOIN ${places} p
         WHERE p.tenant = tenants.tenant AND p.key IN (${marksFor(keys)})`,
        keys,
      )),
      ...(await this.store.run(
        `${withAccounts(records)} SELECT r.tenant, r.root FROM accounts CROSS JOIN ${records} r
         WHERE r.tenant = accounts.tenant AND r.connection = accounts.connection
           AND r.key IN (${marksFor(keys)}) AND r.root IS NOT NULL`,
        keys,
      )),
      ...(await this.store.run(
        `${withTenants(events)} ${[WAITING, ENDED]
          .map(
            (half) =>
              `SELECT e.tenant, e.root FROM tenants CROSS JOIN ${events} e
             WHERE e.tenant = tenants.tenant AND e.root IN (${marksFor(roots)}) AND e.${half}`,
          )
          .join(' UNION ')}`,
        [...roots, ...roots],
      )),
    ];
    if (found.length === 0 && names.mention !== undefined) found.push(...(await this.mentioning(names.mention)));
    const unique = new Map(found.map(({ tenant, root }) => [`${String(tenant)} ${String(root)}`, [tenant, root]]));
    return Promise.all([...unique.values()].map(([tenant, root]) => this.root(String(tenant), String(root))));
  }

  /** Only what waits or is dead is searched, by an index of its own: who looks for something else knows its policy. */
  private mentioning(locator: string) {
    const inState = (state: 'waiting' | 'dead') =>
      `SELECT tenant, root FROM ${this.table('events')} WHERE state = '${state}' AND payload LIKE ?`;
    const pattern = `%"${locator}"%`;
    return this.store.run(`${inState('waiting')} UNION ${inState('dead')}`, [pattern, pattern]);
  }

  private async root(tenant: string, root: string): Promise<RootTrace> {
    const [row] = await this.store.run(
      `SELECT tenant, root, due_at FROM ${this.table('roots')} WHERE tenant = ? AND root = ?`,
      [tenant, root],
    );
    return row ? toRootTrace(row) : { tenant, root };
  }

  /** What targets were sent under these keys. */
  async records(keys: readonly string[]): Promise<readonly RecordTrace[]> {
    const records = this.table('records');
    const rows = await this.store.run(
      `${withAccounts(records)} SELECT r.tenant, r.key, r.connection, r.confirmed, r.target_id
       FROM accounts CROSS JOIN ${records} r
       WHERE r.tenant = accounts.tenant AND r.connection = accounts.connection AND r.key IN (${marksFor(keys)})`,
      keys,
    );
    return rows.map(toRecordTrace);
  }

  pauses(): Promise<readonly PauseTrace[]> {
    return this.store.pauses();
  }

  /** Lets the next few events of the filter wait for a first try again; what is forgotten is passed over. */
  replay(filter: EventFilter, after: number, most: number, nowMs: number): Promise<Step> {
    return this.step(filter, after, most, `payload <> ''`, async (run, condition, events) => {
      const changed = await run(
        `UPDATE ${this.table('events')} SET state = 'waiting', code = NULL, tries = 0, retry_at = 0, ended_at = NULL
         WHERE ${condition} RETURNING sequence`,
        events,
      );
      const sequences = changed.map(({ sequence }) => Number(sequence));
      // A root that rests because something has just arrived keeps that rest. In one order: the workers lock them too.
      await run(
        `INSERT INTO ${this.table('roots')} AS r (tenant, root, due_at)
         SELECT DISTINCT tenant, root, CAST(? AS bigint) FROM ${this.table('events')}
         WHERE sequence IN (${marksFor(sequences)}) ORDER BY tenant, root
         ON CONFLICT (tenant, root) DO UPDATE SET due_at =
           CASE WHEN r.first_at IS NULL AND r.due_at > excluded.due_at THEN excluded.due_at ELSE r.due_at END`,
        [nowMs, ...sequences],
      );
      await this.store.tell(run, nowMs);
      return changed.length;
    });
  }

  /** Gives the next few events of the filter up: only their ids are remembered. */
  purge(filter: EventFilter, after: number, most: number, nowMs: number): Promise<Step> {
    return this.step(filter, after, most, ENDED, async (run, condition, events) => {
      const changed = await run(
        `UPDATE ${this.table('events')} SET state = 'purged', payload = '', ended_at = ?
         WHERE ${condition} RETURNING sequence`,
        [nowMs, ...events],
      );
      return changed.length;
    });
  }

  /**
   * The events are looked up before the transaction: among a million that takes long, and the app would wait for it. So
   * what changes them goes by the condition once more.
   */
  private async step(
    filter: EventFilter,
    after: number,
    most: number,
    only: string,
    change: (run: RunSql, condition: string, events: readonly number[]) => Promise<number>,
  ): Promise<Step> {
    const { text, values } = whereOf(filter);
    const rows = await this.store.run(
      `SELECT sequence FROM ${this.from(filter)} WHERE ${text} AND ${only} AND sequence > ?
       ORDER BY sequence LIMIT ?`,
      [...values, after, most],
    );
    const events = rows.map(({ sequence }) => Number(sequence));
    const last = events.at(-1);
    if (last === undefined) return { changed: 0 };
    const condition = `sequence IN (${marksFor(events)}) AND ${whereOf({ states: filter.states }).text} AND ${only}`;
    const changed = await this.store.transaction((run) => change(run, condition, events));
    return { changed, ...(events.length === most && { after: last }) };
  }

  pause(tenant: string, nowMs: number): Promise<boolean> {
    return this.store.pause(tenant, nowMs);
  }

  resume(tenant: string): Promise<boolean> {
    return this.store.resume(tenant);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private from(filter: EventFilter): string {
    return fromOf(filter, this.table('events'));
  }

  private table(name: string): string {
    return `${this.store.schema}${name}`;
  }
}

/** One `?` per value; nothing is in an empty list. */
function marksFor(values: readonly unknown[]): string {
  return values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');
}
