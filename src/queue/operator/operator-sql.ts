import type { EventFilter } from './traces.js';

/** All columns of an event but its payload. */
export function columnsOfEvents(table = ''): string {
  const columns = ['sequence', 'tenant', 'id', 'type', 'root', 'state', 'code', 'tries', 'retry_at'];
  const names = [...columns, 'occurred_at', 'received_at', 'ended_at'].map((name) => `${table}${name}`);
  return `${names.join(', ')}, ${table}payload = '' AS forgotten`;
}

/**
 * Every tenant of a table, by one look into its index per tenant: the operator does not know the tenant, and an index
 * that begins with something else would be paid for with every event.
 */
export function withTenants(table: string): string {
  return `WITH RECURSIVE tenants (tenant) AS (${TENANTS.replaceAll('TABLE', table)})`;
}

/** Every account that a tenant has records in; as {@link withTenants}. */
export function withAccounts(records: string): string {
  return `${withTenants(records)}, accounts (tenant, connection) AS (
    SELECT tenant, (SELECT min(connection) FROM ${records} r WHERE r.tenant = tenants.tenant)
    FROM tenants WHERE tenant IS NOT NULL
    UNION ALL
    SELECT tenant, (SELECT min(connection) FROM ${records} r
      WHERE r.tenant = accounts.tenant AND r.connection > accounts.connection)
    FROM accounts WHERE connection IS NOT NULL)`;
}

const TENANTS = `
  SELECT min(tenant) FROM TABLE
  UNION ALL
  SELECT (SELECT min(tenant) FROM TABLE WHERE tenant > tenants.tenant) FROM tenants WHERE tenants.tenant IS NOT NULL`;

/** The condition of a filter. The states are of a closed list and stand in the text, or no partial index would serve. */
export function whereOf(filter: EventFilter): { readonly text: string; readonly values: (string | number)[] } {
  const { states, tenant, type, code, root, sequences, sinceMs, untilMs } = filter;
  const values: (string | number)[] = [];
  const conditions = [states.length === 1 ? `state = '${states.join()}'` : `state IN ('${states.join(`', '`)}')`];
  const and = (condition: string, value: string | number | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  and('tenant = ?', tenant);
  and('type = ?', type);
  and('code = ?', code);
  and('root = ?', root);
  and('coalesce(ended_at, received_at) >= ?', sinceMs);
  and('coalesce(ended_at, received_at) < ?', untilMs);
  if (sequences !== undefined) {
    conditions.push(`sequence IN (${sequences.map(() => '?').join(', ') || 'NULL'})`);
    values.push(...sequences);
  }
  return { text: conditions.join(' AND '), values };
}

/** Whatever waits is in one index of SQLite by its root, all else in another; it takes either only where the text says so. */
export const WAITING = `state = 'waiting'`;
export const ENDED = `state <> 'waiting'`;

/** The table of a filter: for the events of one root the halves of it that the filter's states are in. */
export function fromOf({ root, states }: EventFilter, events: string): string {
  if (root === undefined) return events;
  const halves = [...(mayWait(states) ? [WAITING] : []), ...(mayHaveEnded(states) ? [ENDED] : [])];
  return `(${halves.map((half) => `SELECT * FROM ${events} WHERE ${half}`).join(' UNION ALL ')}) AS found`;
}

/** One part of a filter's events, whose newest are found without reading the others. */
interface Part {
  readonly condition: string;
  readonly newestFirst: string;
}

const ENDED_PART: Part = { condition: ENDED, newestFirst: 'sequence DESC' };
/** What waits is in the order of its turns: of what waits for another try, that whose turn comes last counts as the newest. */
const WAITING_PARTS: readonly Part[] = [
  { condition: `${WAITING} AND retry_at = 0`, newestFirst: 'sequence DESC' },
  { condition: `${WAITING} AND retry_at > 0`, newestFirst: 'retry_at DESC, sequence DESC' },
];

/** What to ask for the newest events of a filter, one after the other: of one root there may be hundreds of thousands. */
export function partsOf({ root, states }: EventFilter): readonly Part[] {
  if (root === undefined) return [{ condition: 'true', newestFirst: 'sequence DESC' }];
  return [...(mayWait(states) ? WAITING_PARTS : []), ...(mayHaveEnded(states) ? [ENDED_PART] : [])];
}

function mayWait(states: EventFilter['states']): boolean {
  return states.includes('waiting');
}

function mayHaveEnded(states: EventFilter['states']): boolean {
  return states.some((state) => state !== 'waiting');
}
