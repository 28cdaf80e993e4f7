import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Whoever prepares the database holds it (`src/queue/postgres/schema.ts`). */
const BOOT_LOCK = 7_362_011;

/** The built program, which is told to end, or cannot go on, before it listens. */
describeWithPostgres('a boot that is interrupted', () => {
  let server: PostgresServer;
  let url: string;
  let client: Client;
  let taken: Server;

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
    client = new Client({ connectionString: url });
    await client.connect();
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
  });
  afterAll(async () => {
    taken.close();
    await client.end();
    await server.close();
  });

  function start() {
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const env = { SMP_STATE_API: 'http://127.0.0.1:1', SMP_PORT: String(port), DATABASE_URL: url };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    return { child, ended: once(child, 'exit').then(([code]: unknown[]) => ({ code, output })) };
  }

  const connections = async () => {
    const { rows } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'socotra-sync'`);
    return rows.length;
  };

  it('ends at once on a signal, also where the system would not do that (process 1 of a container)', async () => {
    await client.query('SELECT pg_advisory_lock($1)', [BOOT_LOCK]);
    const { child, ended } = start();
    while ((await connections()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    const { code, output } = await ended;
    await client.query('SELECT pg_advisory_unlock($1)', [BOOT_LOCK]);
    // The program itself has said so: a signal that nobody heeds leaves no code.
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('"event":"app.stopped"') });
  });

  it('leaves no replica behind that the others would share their limits with', async () => {
    const { code, output } = await start().ended;
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('SMP_PORT is in use') });
    expect((await client.query('SELECT 1 FROM socotra_sync.replicas')).rows).toEqual([]);
  });
});
