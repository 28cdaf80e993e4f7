import { execFile, execFileSync, type ExecFileOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresSource } from './find-postgres.ts';

const run = promisify(execFile);

export interface PostgresServer {
  /** An empty database of its own. */
  createDatabase(): Promise<string>;
  /** Removes one that {@link createDatabase} made, whoever is still connected. */
  dropDatabase(database: string): Promise<void>;
  /** As a superuser of the server. */
  query(database: string, text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Ends the server, or removes the databases in one that is not ours. */
  close(): Promise<void>;
}

/** A PostgreSQL to test with: started in a temporary folder, or the one that somebody else runs. */
export async function openPostgres(
  source: PostgresSource,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  return source.kind === 'server' ? new Databases(source.url) : OwnServer.create(source.folder, settings);
}

class Databases implements PostgresServer {
  readonly #created = new Set<string>();
  readonly #adminUrl: string;

  constructor(adminUrl: string) {
    this.#adminUrl = adminUrl;
  }

  async createDatabase(): Promise<string> {
    const name = `socotra_test_${randomUUID().replaceAll('-', '')}`;
    await this.query(this.#adminUrl, `CREATE DATABASE ${name}`);
    this.#created.add(name);
    const url = new URL(this.#adminUrl);
    url.pathname = name;
    return url.href;
  }

  async dropDatabase(database: string): Promise<void> {
    const name = new URL(database).pathname.slice(1);
    await this.query(this.#adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    this.#created.delete(name);
  }

  async query(database: string, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: database });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  stop(_mode: 'fast' | 'immediate'): Promise<void> {
    return Promise.reject(new Error('This server is not ours to stop.'));
  }

  start(): Promise<void> {
    return Promise.reject(new Error('This server is not ours to start.'));
  }

  async close(): Promise<void> {
    for (const name of this.#created) await this.query(this.#adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

class OwnServer extends Databases {
  readonly #programs: string;
  readonly #folder: string;
  readonly #options: string;

  private constructor(programs: string, folder: string, port: number, options: string) {
    super(`postgres://postgres@127.0.0.1:${port}/postgres`);
    this.#programs = programs;
    this.#folder = folder;
    this.#options = options;
  }

  static async create(programs: string, settings: Readonly<Record<string, string>>): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
    const { uid, gid } = owner();
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    const port = await freePort();
    // A killed server loses nothing that it wrote; only a machine without power does, which no test can cut.
    const all = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      fsync: 'off',
      ...settings,
    };
    const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
    const server = new OwnServer(programs, folder, port, options.join(' '));
    await server.#program('initdb', '-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N');
    await server.start();
    return server;
  }

  override async start(): Promise<void> {
    const files = ['-D', join(this.#folder, 'data'), '-l', join(this.#folder, 'log')];
    await this.#program('pg_ctl', 'start', '-w', '-t', '60', '-s', ...files, '-o', this.#options);
  }

  override async stop(mode: 'fast' | 'immediate'): Promise<void> {
    await this.#program('pg_ctl', 'stop', '-w', '-s', '-m', mode, '-D', join(this.#folder, 'data'));
  }

  override async close(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #program(name: string, ...parameters: readonly string[]): Promise<void> {
    const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    const options: ExecFileOptions = { cwd: this.#folder, env: environment, ...owner() };
    // What pg_ctl starts keeps its output open, so that must lead nowhere.
    const quiet = ['-c', '"$0" "$@" >/dev/null 2>&1', join(this.#programs, name), ...parameters];
    await run('/bin/sh', quiet, options);
  }
}

/** PostgreSQL refuses to run as root, as which CI machines run the tests: then it runs as its own user. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const numberOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: numberOf('-u'), gid: numberOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free TCP port');
  return address.port;
}
