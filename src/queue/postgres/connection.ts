import { Client, type ClientBase, type ClientConfig, Pool } from 'pg';
import { QueueOpenError, QueueUnavailableError } from '../queue.js';
import type { Statement } from './statement.js';

/** Connections for statements, besides the one that listens. Many workers share them: a statement takes milliseconds. */
const POOL_SIZE = 6;
const CONNECT_MS = 5_000;
/** A statement that takes longer counts as failed; the connection is given up. */
const STATEMENT_MS = 10_000;
const CLIENT_PATIENCE_MS = STATEMENT_MS + 2_000;
const IDLE_MS = 60_000;
/** Both sides chose the wrong moment; the same again succeeds. */
const WORTH_REPEATING = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 4;

/**
 * What every connection is told first: a commit is answered when it is on disk, whatever the server's own default is, and
 * a replica that is cut off does not keep its locks for hours.
 */
const SESSION_SETTINGS = `
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
  SET idle_in_transaction_session_timeout = 30000;
  SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
  SET client_min_messages = warning;
`;

function configOf(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'socotra-sync',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: CLIENT_PATIENCE_MS,
    keepAlive: true,
  };
}

/** The connections of one replica. Whatever fails here fails as {@link QueueUnavailableError}. */
export class Connections {
  private readonly pool: Pool;

  constructor(private readonly url: string) {
    // The pool waits for the promise, and gives the connection up when it fails, although its type does not say so.
    const onConnect = (client: ClientBase): unknown => client.query(SESSION_SETTINGS);
    this.pool = new Pool({ ...configOf(url), max: POOL_SIZE, idleTimeoutMillis: IDLE_MS, onConnect });
    // A connection that is lost while no statement runs on it: the next statement opens another one, or fails itself.
    this.pool.on('error', ignored);
    // The same between two statements of a transaction, when the pool does not listen.
    this.pool.on('connect', (client) => client.on('error', ignored));
  }

  /** One statement, committed by itself. */
  async query({ name, text }: Statement, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
    return repeated(async () => {
      const { rows } = await this.pool.query<Record<string, unknown>>({ name, text, values: [...values] });
      return rows;
    });
  }

  /** Several statements that are committed together, or not at all; may be run again after a deadlock. */
  async transaction<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return repeated(async () => {
      const client = await this.pool.connect();
      let failure: unknown = true;
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        failure = undefined;
        return result;
      } finally {
        // A failed transaction ends with its connection: that is certain, a rollback is not.
        client.release(failure !== undefined);
      }
    });
  }

  /** One connection that is nobody else's, for the database's messages and locks. */
  async session(): Promise<Client> {
    const client = new Client(configOf(this.url));
    client.on('error', ignored);
    try {
      await client.connect();
      await client.query(SESSION_SETTINGS);
      return client;
    } catch (error) {
      await client.end().catch(ignored);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function ignored(): void {}

async function repeated<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (cause) {
      if (attempts < MOST_ATTEMPTS && WORTH_REPEATING.has(codeOf(cause))) continue;
      if (cause instanceof QueueUnavailableError) throw cause;
      throw new QueueUnavailableError('The database did not do what was asked.', { cause });
    }
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** By the code of the operating system, of Node or of PostgreSQL; where there is none, by the driver's words. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [
    /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|E\w*UNREACH|ETIMEDOUT|ENOENT|EACCES|.*timeout.*)$/,
    'does not answer: start the server, or correct host and port.',
  ],
  [/^28/, 'refuses the user or the password: correct them, or allow the user in pg_hba.conf.'],
  [/^3D000$/, 'has no such database: create it, or correct the name.'],
  [/^42501$/, 'does not let the user create tables: GRANT CREATE ON DATABASE … TO …, or make it the owner.'],
  [/^53300$/, 'has no connection left: raise max_connections, or run fewer replicas (each needs 7).'],
  [/^57P0/, 'is starting or stopping: start the app again when it is up.'],
  [/CERT|SELF_SIGNED|UNABLE_TO_/, 'shows a certificate that is not trusted: add sslrootcert=… to the address.'],
  [/SSL/, 'speaks no TLS: switch it on there, or take sslmode out of the address.'],
];

/** Turns whatever stopped the opening into the operator's sentence. It never quotes the error: that may name the user. */
export function refusalOf(cause: unknown): QueueOpenError {
  if (cause instanceof QueueOpenError) return cause;
  const code = codeOf(cause);
  const evidence = code === '' ? wordsOf(cause) : code;
  const advice = REFUSALS.find(([pattern]) => pattern.test(evidence))?.[1] ?? 'cannot be used: see its own log.';
  return new QueueOpenError(`The server in DATABASE_URL${code === '' ? '' : ` (${code})`} ${advice}`, { cause });
}

function wordsOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}
