import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { SqliteQueue } from '../../src/queue/sqlite/sqlite-queue.js';
import { describeOnOneProcess } from '../support/replicas.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const OPS = fileURLToPath(new URL('../../dist/ops.js', import.meta.url));
const IS_ROOT = process.getuid?.() === 0;

/** The built programs, started with what cannot work: one line each that says what to do, and the exit code 1. */
describeOnOneProcess('each boot is refused by itself', 'a queue that cannot be used', () => {
  let folder: string;
  let held: DatabaseSync | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'boot-'));
  });
  afterEach(() => {
    held?.close();
    held = undefined;
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  const file = () => join(folder, 'queue.sqlite');

  function start(program: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    const env = { SMP_STATE_API: 'http://127.0.0.1:1', SMP_PORT: '1', DATA_DIR: folder, ...environment };
    // A boot that wrongly succeeds would run on.
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { env, timeout: 60_000 });
    return { status, out: stdout.toString(), err: stderr.toString() };
  }

  async function emptyQueue(): Promise<void> {
    await SqliteQueue.open(folder, { settleMs: 0, settleMaxMs: 0 }).close();
  }

  function change(sql: string): DatabaseSync {
    const database = new DatabaseSync(file());
    database.exec(sql);
    return database;
  }

  type Case = [what: string, prepare: () => unknown, boot: string, ops: string, environment?: Record<string, string>];

  it.each<Case>([
    [
      'is damaged',
      () => writeFileSync(file(), 'no database '.repeat(999)),
      'is damaged: restore',
      'is damaged: restore',
    ],
    [
      'is damaged behind its head',
      async () => {
        await emptyQueue();
        const descriptor = openSync(file(), 'r+');
        writeSync(descriptor, 'x'.repeat(2_000), 100);
        closeSync(descriptor);
      },
      'is damaged: restore',
      'is damaged: restore',
    ],
    [
      'is locked by a backup',
      async () => {
        await emptyQueue();
        held = change('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
      },
      'is locked by another program',
      'is locked by another program',
    ],
    [
      'was written by a newer release',
      async () => {
        await emptyQueue();
        change('PRAGMA user_version = 99').close();
      },
      'schema 99, this release knows 6',
      'schema 99, this release knows 6',
    ],
    [
      'is a folder',
      () => mkdirSync(file()),
      'must be a file that this user may read',
      'must be a file that this user may',
    ],
    [
      'has a folder for a lock',
      () => mkdirSync(join(folder, 'queue.lock')),
      'must be a file that this user may',
      'no queue',
    ],
    [
      'is in no folder',
      () => undefined,
      'DATA_DIR must be a folder',
      'There is no queue.sqlite',
      { DATA_DIR: '/dev/null/x' },
    ],
    ['is no address', () => undefined, 'must be postgres://', 'must be postgres://', { DATABASE_URL: 'db.test' }],
    [
      'is at an address where nobody answers',
      () => undefined,
      'ECONNREFUSED) does not answer',
      'ECONNREFUSED) does not answer',
      { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/sync' },
    ],
  ])('because it %s', async (_what, prepare, boot, ops, environment = {}) => {
    await prepare();
    const booted = start(MAIN, [], environment);
    expect(booted).toMatchObject({ status: 1, err: '' });
    const [line, ...others] = booted.out.trimEnd().split('\n');
    expect(others).toEqual([]);
    const told = JSON.parse(line ?? '') as Record<string, unknown>;
    expect(told).toMatchObject({ level: 'error', event: 'app.boot_refused' });
    expect(told['message']).toContain(boot);
    const ordered = start(OPS, ['status'], environment);
    expect(ordered).toMatchObject({ status: 1, out: '' });
    expect(ordered.err).toContain(ops);
    expect(ordered.err.trimEnd()).not.toContain('\n');
    const forScripts = start(OPS, ['status', '--json'], environment);
    expect(forScripts).toMatchObject({ status: 1, err: '' });
    expect(JSON.parse(forScripts.out)).toMatchObject({ error: { message: expect.stringContaining(ops) } });
    expect(booted.out + ordered.err + forScripts.out).not.toContain('hunter2');
  });

  // A superuser may write anything.
  (IS_ROOT ? it.skip : it)('because its folder is read-only', async () => {
    chmodSync(folder, 0o500);
    expect(start(MAIN, [], {}).out).toContain('DATA_DIR must be a folder that this process may create and write.');
  });
});

/** What the kernel says depends on the user and the machine, so here `listen` itself says it, in a process of its own. */
function bootWhereListenFails(failure: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'boot-'));
  const patch = `
    import { Server } from 'node:net';
    Server.prototype.listen = function () {
      process.nextTick(() => this.emit('error', Object.assign(new Error('of hunter2'), ${JSON.stringify(failure)})));
      return this;
    };`;
  const env = { SMP_STATE_API: 'http://127.0.0.1:1', SMP_PORT: '80', DATA_DIR: folder };
  const args = ['--import', `data:text/javascript,${encodeURIComponent(patch)}`, MAIN];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, timeout: 60_000 });
  rmSync(folder, { recursive: true });
  return { status, err: stderr.toString(), line: JSON.parse(stdout.toString()) as unknown };
}

describeOnOneProcess('each boot is refused by itself', 'a port that cannot be opened', () => {
  it.each([
    ['EADDRINUSE', 'SMP_PORT is in use by another process.'],
    ['EACCES', 'SMP_PORT must be one that this user may open: 1024 or higher.'],
  ])('because of %s is told in words', (code, message) => {
    const line: unknown = expect.objectContaining({ level: 'error', event: 'app.boot_refused', message });
    expect(bootWhereListenFails({ code, syscall: 'listen' })).toEqual({ status: 1, err: '', line });
  });

  it('for a reason that nobody thought of is one line of the log, without what the error quotes', () => {
    const line: unknown = expect.objectContaining({ event: 'app.failed', code: 'uncaught', errorCode: 'EPERM' });
    const booted = bootWhereListenFails({ code: 'EPERM', syscall: 'listen' });
    expect(booted).toEqual({ status: 1, err: '', line });
    expect(JSON.stringify(booted.line)).not.toContain('hunter2');
  });
});
