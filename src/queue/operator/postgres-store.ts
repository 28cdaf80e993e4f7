import { Connections, refusalOf } from '../postgres/connection.js';
import { SCHEMA_VERSION, versionOf } from '../postgres/schema.js';
import { CHANNEL, LIVES, statement } from '../postgres/statement.js';
import { QueueOpenError, QueueUnavailableError } from '../queue.js';
import type { Row } from '../rows.js';
import { PAUSED_BY_OPERATOR } from '../tenant-rest.js';
import type { OperatorStore, RunSql, StoreFacts } from './operator-store.js';
import { type PauseTrace, toPauseTrace } from './traces.js';

const SIZE = `
  SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'socotra_sync' AND c.relkind = 'r'`;

/** The shared queue; the replicas are told of what is written. */
export class PostgresStore implements OperatorStore {
  readonly schema = 'socotra_sync.';

  private constructor(private readonly connections: Connections) {}

  /** @throws {QueueOpenError} when the database has no queue of this release; the address is in no message. */
  static async open(url: string): Promise<PostgresStore> {
    const connections = new Connections(url);
    try {
      const client = await connections.session();
      checkVersion(await versionOf(client).finally(() => client.end()));
      return new PostgresStore(connections);
    } catch (cause) {
      await connections.close();
      throw sentenceOf(cause);
    }
  }

  /** Whatever has come is a row of `events` at once. */
  async fileArrivals(): Promise<void> {}

  readonly run: RunSql = async (text, values = []) => {
    try {
      // Without a name: each is used once.
      return await this.connections.query(statement('', numbered(text)), values);
    } catch (cause) {
      throw sentenceOf(cause);
    }
  };

  async transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T> {
    try {
      return await this.connections.transaction((client) =>
        work(async (text, values = []) => (await client.query<Row>(numbered(text), [...values])).rows),
      );
    } catch (cause) {
      throw sentenceOf(cause);
    }
  }

  async tell(run: RunSql, dueAtMs: number): Promise<void> {
    await run(`SELECT pg_notify('${CHANNEL}', ?)`, [String(dueAtMs)]);
  }

  async facts(): Promise<StoreFacts> {
    const [living] = await this.run(`SELECT count(*) AS replicas FROM socotra_sync.replicas WHERE ${LIVES}`);
    const [size] = await this.run(SIZE);
    return { kind: 'postgresql', running: Number(living?.replicas), bytes: Number(size?.bytes) };
  }

  async pauses(): Promise<readonly PauseTrace[]> {
    const rows = await this.run(
      `SELECT tenant, ? AS code, since FROM socotra_sync.operator_pauses
       UNION ALL SELECT tenant, pause_code, NULL FROM socotra_sync.rests WHERE pause_code IS NOT NULL
       ORDER BY tenant, code`,
      [PAUSED_BY_OPERATOR],
    );
    return rows.map(toPauseTrace);
  }

  async pause(tenant: string, nowMs: number): Promise<boolean> {
    const rows = await this.run(
      `INSERT INTO socotra_sync.operator_pauses (tenant, since) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING tenant`,
      [tenant, nowMs],
    );
    return rows.length > 0;
  }

  resume(tenant: string): Promise<boolean> {
    return this.transaction(async (run) => {
      const ended = await run('DELETE FROM socotra_sync.operator_pauses WHERE tenant = ? RETURNING tenant', [tenant]);
      const hurried = await run(
        `UPDATE socotra_sync.rests SET hold_until = 0, recheck_at = CASE WHEN pause_code IS NOT NULL THEN 0 END
         WHERE tenant = ? RETURNING tenant`,
        [tenant],
      );
      await this.tell(run, 0);
      return ended.length + hurried.length > 0;
    });
  }

  async close(): Promise<void> {
    await this.connections.close();
  }
}

function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${++count}`);
}

function sentenceOf(cause: unknown): QueueOpenError {
  return refusalOf(cause instanceof QueueUnavailableError ? cause.cause : cause);
}

function checkVersion(version: number): void {
  if (version === SCHEMA_VERSION) return;
  const advice =
    version < SCHEMA_VERSION ? 'start the app of this release once' : 'use the commands of the release that made it';
  const found = version === 0 ? 'no queue' : `a queue of schema ${version}`;
  throw new QueueOpenError(`DATABASE_URL has ${found}, this release knows schema ${SCHEMA_VERSION}: ${advice}.`);
}
