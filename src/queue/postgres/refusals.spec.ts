import { createServer } from 'node:net';
import { describeWithOwnPostgres, type PostgresServer, startPostgres } from '../../../test/support/postgres-server.ts';
import { QueueOpenError } from '../queue.js';
import { PostgresQueue } from './postgres-queue.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };

async function refusalOf(url: string): Promise<string> {
  const queue = await PostgresQueue.open(url, TIMES).catch((error: unknown) => error);
  if (queue instanceof QueueOpenError) return queue.message;
  if (queue instanceof PostgresQueue) await queue.close();
  throw new Error('It was not refused in words.', { cause: queue });
}

/** The same address with other parts. */
function changed(
  url: string,
  parts: Partial<Pick<URL, 'username' | 'password' | 'host' | 'pathname' | 'search'>>,
): string {
  const address = new URL(url);
  Object.assign(address, parts);
  return address.href;
}

describeWithOwnPostgres('a DATABASE_URL that does not work', () => {
  let server: PostgresServer;
  let url: string;
  /** Takes connections and says nothing. */
  const silent = createServer(() => undefined);
  let silence: string;

  beforeAll(async () => {
    server = await startPostgres();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    silence = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(async () => {
    silent.close();
    await server.close();
  });
  beforeEach(async () => {
    url = await server.createDatabase();
  });

  it.each<[string, () => Promise<string> | string, string]>([
    ['nobody listens', () => changed(url, { host: '127.0.0.1:1' }), 'ECONNREFUSED) does not answer'],
    ['the host does not exist', () => changed(url, { host: 'db.invalid:5432' }), 'does not answer'],
    ['nobody answers at all', () => changed(url, { host: silence }), 'does not answer'],
    [
      'the user is unknown',
      () => changed(url, { username: 'nobody', password: 'hunter2' }),
      'refuses the user or the password',
    ],
    ['the database is missing', () => changed(url, { pathname: '/absent' }), 'has no such database: create it'],
    ['the server speaks no TLS', () => changed(url, { search: '?sslmode=verify-full' }), 'speaks no TLS'],
    [
      'a newer release was here',
      async () => {
        await (await PostgresQueue.open(url, TIMES)).close();
        await server.query(url, 'UPDATE socotra_sync.schema_version SET version = 99');
        return url;
      },
      'schema 99, this release knows 2',
    ],
    [
      'the user may not create anything',
      async () => {
        await server.query(url, `DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`);
        return changed(url, { username: 'reader', password: 'hunter2' });
      },
      'GRANT CREATE ON DATABASE',
    ],
    [
      'the database cannot hold every character',
      async () => {
        await server.query(
          url,
          `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`,
        );
        return changed(url, { pathname: '/latin' });
      },
      'encoding LATIN1',
    ],
  ])('is refused in one line when %s', async (_case, address, words) => {
    const message = await refusalOf(await address());
    expect(message).toContain(words);
    expect(message).not.toMatch(/\n|hunter2|nobody/);
  });

  it('leaves nothing behind in a database that was refused, and works when the reason is gone', async () => {
    await server.query(url, `CREATE SCHEMA socotra_sync; CREATE TABLE socotra_sync.events (other int)`);
    expect(await refusalOf(url)).toContain('cannot be used');
    expect(await server.query(url, `SELECT to_regclass('socotra_sync.roots') AS roots`)).toEqual([{ roots: null }]);
    await server.query(url, 'DROP TABLE socotra_sync.events');
    await (await PostgresQueue.open(url, TIMES)).close();
  });

  it('needs no right to create schemas where its own one was made for it', async () => {
    await server.query(url, `DO $$ BEGIN CREATE ROLE owner_of_one LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`);
    await server.query(url, 'CREATE SCHEMA socotra_sync AUTHORIZATION owner_of_one');
    await (await PostgresQueue.open(changed(url, { username: 'owner_of_one' }), TIMES)).close();
  });

  it('commits to the disk although the database would not by itself', async () => {
    await server.query(
      url,
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`,
    );
    const queue = await PostgresQueue.open(url, TIMES);
    await server.query(
      url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_setting('synchronous_commit') <> 'on' THEN RAISE EXCEPTION 'not durable'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER durable BEFORE INSERT ON socotra_sync.events FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const answer = await queue.append({
      tenant: 't',
      id: 'e1',
      type: 'policy.issue',
      root: 'policy:1',
      occurredAtMs: 1,
      receivedAtMs: 1,
      payload: '{}',
    });
    await queue.close();
    expect(answer).toBe('appended');
  });
});
