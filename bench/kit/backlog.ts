import { BenchApp } from './bench-app.ts';
import { EventMaker } from './events.ts';
import type { Store } from './store.ts';
import type { Surroundings } from './surroundings/surroundings.ts';
import { digits } from './template.ts';

/** The policy whose events are the pattern of the backlog, as the app itself has stored them. */
const PATTERN = 777_777_777;
/** Policies of the backlog are numbered from here. */
const FIRST_OF_BACKLOG = 300_000_000;
/** What the app is told while the pattern is made: nothing becomes due. */
const NOT_DUE = { SETTLE_MS: '3600000', SETTLE_MAX_MS: '3600000' };

export interface BacklogPlan {
  readonly events: number;
  readonly tenants: number;
  /** Number of the first tenant: it has the key `key-<number>`. */
  readonly firstTenant?: number;
}

/**
 * Fills the store with events that are due at once, each on a policy of its own. The app stores one event for each tenant; the
 * others are copies of its rows with other numbers, so that nothing here knows how the app writes an event down.
 */
export async function fillBacklog(store: Store, surroundings: Surroundings, plan: BacklogPlan): Promise<void> {
  const { events, tenants, firstTenant = 0 } = plan;
  const environment = { ...store.environment, ...NOT_DUE };
  const app = await BenchApp.start({ surroundings, dataDir: store.dataDir, environment });
  try {
    const { body } = EventMaker.of('single').at(PATTERN);
    for (let tenant = firstTenant; tenant < firstTenant + tenants; tenant++) {
      const headers = { 'content-type': 'application/json', 'x-smp-key': `key-${tenant}` };
      const url = `http://127.0.0.1:${app.port}/webhook-notify`;
      const answer = await fetch(url, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`The app answered ${answer.status} while the backlog was made.`);
      await answer.body?.cancel();
    }
  } finally {
    await app.end();
  }
  const { schema } = store;
  const number = `${FIRST_OF_BACKLOG} + i`;
  const other = (column: string) => `replace(${column}, '${digits(PATTERN)}', ${store.digits(number)})`;
  const isPattern = `root LIKE '%${digits(PATTERN)}%'`;
  await store.run(`
    CREATE TEMP TABLE pattern AS
      SELECT row_number() OVER (ORDER BY tenant) - 1 AS place, * FROM ${schema}events WHERE ${isPattern};
    INSERT INTO ${schema}events (tenant, id, type, root, occurred_at, received_at, payload)
      ${store.series(events)}
      SELECT tenant, ${other('id')}, type, ${other('root')}, occurred_at, received_at, ${other('payload')}
      FROM series JOIN pattern ON place = i % ${tenants};
    INSERT INTO ${schema}roots (tenant, root, due_at, first_at)
      ${store.series(events)}
      SELECT tenant, ${other('root')}, 0, received_at FROM series JOIN pattern ON place = i % ${tenants};
    DELETE FROM ${schema}roots WHERE ${isPattern};
    DELETE FROM ${schema}events WHERE ${isPattern};
    DROP TABLE pattern;
  `);
}
