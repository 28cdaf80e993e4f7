import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, ConfigError, readConfig, readQueueLocation } from './config.js';

type Environment = Readonly<Record<string, string | undefined>>;

const STATE_API = 'http://state.test';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-spec-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(env: Environment = {}): Config {
  return readConfig({ SMP_STATE_API: STATE_API, DATA_DIR: join(folder, 'data'), ...env });
}

function refusal(env: Environment): string {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('the configuration', () => {
  it('has a default for all but the State API', () => {
    expect(read()).toEqual({
      port: 10_111,
      stateApi: STATE_API,
      dataDir: join(folder, 'data'),
      logLevel: 'info',
      settleMs: 5_000,
      settleMaxMs: 30_000,
      retryScheduleMs: [5_000, 15_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000],
      catchUpIntervalMs: 300_000,
      stateTtlMs: 30_000,
      allowPrivateTargets: [],
      maxBodyBytes: 65_536,
      retentionMs: 604_800_000,
      dedupeMs: 2_678_400_000,
    });
  });

  it('keeps its data beside the program unless told otherwise', () => {
    const home = process.cwd();
    process.chdir(folder);
    try {
      expect(readConfig({ SMP_STATE_API: STATE_API }).dataDir).toBe(resolve('./data'));
    } finally {
      process.chdir(home);
    }
  });

  it.each<[Environment, Partial<Config>]>([
    [{ SMP_PORT: '1' }, { port: 1 }],
    [{ SMP_PORT: '65535' }, { port: 65_535 }],
    [{ SMP_PORT: ' 8080 ' }, { port: 8_080 }],
    [{ SMP_PORT: '' }, { port: 10_111 }],
    [{ SMP_STATE_API: 'https://state.test///' }, { stateApi: 'https://state.test' }],
    [{ SMP_STATE_API: 'http://127.0.0.1:9/base/' }, { stateApi: 'http://127.0.0.1:9/base' }],
    [{ SMP_STATE_API: 'https://state.test?' }, { stateApi: 'https://state.test' }],
    [{ SMP_STATE_API: 'https://state.test/#' }, { stateApi: 'https://state.test' }],
    [{ LOG_LEVEL: 'error' }, { logLevel: 'error' }],
    [{ LOG_LEVEL: 'warn' }, { logLevel: 'warn' }],
    [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [{ SETTLE_MS: '0' }, { settleMs: 0 }],
    [{ SETTLE_MAX_MS: '60000' }, { settleMaxMs: 60_000 }],
    [{ RETRY_SCHEDULE_MS: '10' }, { retryScheduleMs: [10] }],
    [{ RETRY_SCHEDULE_MS: ' 1, 2 ,3' }, { retryScheduleMs: [1, 2, 3] }],
    [{ CATCH_UP_INTERVAL_MS: '0' }, { catchUpIntervalMs: 0 }],
    [{ STATE_TTL_MS: '0' }, { stateTtlMs: 0 }],
    [{ STATE_TTL_MS: '60000' }, { stateTtlMs: 60_000 }],
    [{ ALLOW_PRIVATE_TARGETS: ' a:1, 10.0.0.0/8 ,' }, { allowPrivateTargets: ['a:1', '10.0.0.0/8'] }],
    [{ MAX_BODY_BYTES: '1024' }, { maxBodyBytes: 1_024 }],
    [{ RETENTION_MS: '0' }, { retentionMs: 0, dedupeMs: 2_678_400_000 }],
    [{ RETENTION_MS: '3000000000' }, { retentionMs: 3_000_000_000, dedupeMs: 3_000_000_000 }],
    [
      { RETENTION_MS: '3600000', DEDUPE_MS: '3600000' },
      { retentionMs: 3_600_000, dedupeMs: 3_600_000 },
    ],
    [{ DATABASE_URL: 'postgres://u:p%2F@db.test:5432/sync' }, { databaseUrl: 'postgres://u:p%2F@db.test:5432/sync' }],
    [
      { DATABASE_URL: ' postgresql://db.test/sync?sslmode=verify-full ' },
      { databaseUrl: 'postgresql://db.test/sync?sslmode=verify-full' },
    ],
    [
      { DATABASE_URL: 'postgres:///sync?host=/run/postgresql' },
      { databaseUrl: 'postgres:///sync?host=/run/postgresql' },
    ],
  ])('reads %j', (env, expected) => {
    expect(read(env)).toMatchObject(expected);
  });

  it.each<[string, string, string]>([
    ['SMP_PORT', '0', 'a whole number from 1 to 65535'],
    ['SMP_PORT', '65536', 'a whole number from 1 to 65535'],
    ['SMP_PORT', '-1', 'a whole number'],
    ['SMP_PORT', '80.5', 'a whole number'],
    ['SMP_PORT', '0x50', 'a whole number'],
    ['SMP_PORT', '1e3', 'a whole number'],
    ['SMP_PORT', 'http', 'a whole number'],
    ['SMP_STATE_API', '', 'is required'],
    ['SMP_STATE_API', 'state.test', 'http:// or https://'],
    ['SMP_STATE_API', 'ftp://state.test', 'http:// or https://'],
    ['SMP_STATE_API', 'https://state.test/?a=1', 'without query'],
    ['SMP_STATE_API', 'https://state.test/#a', 'without query'],
    ['SMP_STATE_API', 'https://someone@state.test', 'without query, user name'],
    ['SMP_STATE_API', 'https://:word@state.test', 'without query, user name'],
    ['LOG_LEVEL', 'INFO', 'one of error, warn, info, debug'],
    ['LOG_LEVEL', 'trace', 'one of error, warn, info, debug'],
    ['SETTLE_MS', '5s', 'a whole number'],
    ['SETTLE_MS', '3600001', 'a whole number from 0 to 3600000'],
    ['SETTLE_MAX_MS', 'later', 'a whole number'],
    ['RETRY_SCHEDULE_MS', ',', 'a comma-separated list of milliseconds'],
    ['RETRY_SCHEDULE_MS', '5000,,15000', 'a comma-separated list'],
    ['RETRY_SCHEDULE_MS', '5000;15000', 'a comma-separated list'],
    ['RETRY_SCHEDULE_MS', '5000,-1', 'a comma-separated list'],
    ['RETRY_SCHEDULE_MS', '12345678901', 'a comma-separated list'],
    ['CATCH_UP_INTERVAL_MS', '-1', 'a whole number'],
    ['STATE_TTL_MS', '60001', 'a whole number from 0 to 60000'],
    ['MAX_BODY_BYTES', '64k', 'a whole number'],
    ['MAX_BODY_BYTES', '0', 'a whole number from 1024'],
    ['RETENTION_MS', '7d', 'a whole number from 0 to 315360000000'],
    ['DEDUPE_MS', '3599999', 'a whole number from 3600000'],
    ['DEDUPE_MS', '604799999', 'must not be less than RETENTION_MS (604800000)'],
    ['DATABASE_URL', 'mysql://db.test/x', 'must be postgres://'],
    ['DATABASE_URL', 'db.test:5432/x', 'must be postgres://'],
    ['DATABASE_URL', 'postgres://db.test', 'must be postgres://'],
    ['DATABASE_URL', 'postgres:///sync', 'must be postgres://'],
    ['DATABASE_URL', 'postgres://u:p/w@db.test/x', 'percent-encoded'],
  ])('refuses %s=%j and names it', (name, value, words) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(name);
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });

  it('refuses a data folder that it cannot create or write', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const dataDir of [file, join(file, 'below')]) {
      expect(refusal({ DATA_DIR: dataDir })).toBe('DATA_DIR must be a folder that this process may create and write.');
    }
  });

  it('creates the data folder for its own user only, and not for a boot that is refused', () => {
    const dataDir = join(folder, 'new', 'deep');
    refusal({ DATA_DIR: dataDir, MAX_BODY_BYTES: 'x' });
    expect(() => statSync(dataDir)).toThrow('ENOENT');
    read({ DATA_DIR: dataDir });
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('needs no folder for the shared queue, and knows no database unless it is given', () => {
    const dataDir = join(folder, 'unused');
    expect(read({ DATA_DIR: dataDir, DATABASE_URL: 'postgres://db.test/x' }).dataDir).toBe(dataDir);
    expect(() => statSync(dataDir)).toThrow('ENOENT');
    expect('databaseUrl' in read({ DATABASE_URL: ' ' })).toBe(false);
  });

  it('tells the operator where the queue is, and creates nothing for that', () => {
    const dataDir = join(folder, 'elsewhere');
    expect(readQueueLocation({ DATA_DIR: dataDir, SMP_PORT: 'x' })).toEqual({ dataDir });
    expect(() => statSync(dataDir)).toThrow('ENOENT');
    const databaseUrl = 'postgres://db.test/x';
    expect(readQueueLocation({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl })).toEqual({ dataDir, databaseUrl });
    expect(() => readQueueLocation({ DATABASE_URL: 'db.test' })).toThrow(ConfigError);
  });

  it('never repeats a value, which may be a password', () => {
    const env = { SMP_STATE_API: 'https://u:hunter2@state.test', DATABASE_URL: '', LOG_LEVEL: 'hunter2' };
    expect(refusal(env)).not.toContain('hunter2');
    expect(refusal({ LOG_LEVEL: 'hunter2' })).not.toContain('hunter2');
    expect(refusal({ DATABASE_URL: 'postgres://u:hunter2@db.test' })).not.toContain('hunter2');
  });

  it('is frozen, its lists too', () => {
    for (const config of [read(), read({ RETRY_SCHEDULE_MS: '1', ALLOW_PRIVATE_TARGETS: 'a:1' })]) {
      expect([config, config.retryScheduleMs, config.allowPrivateTargets].every(Object.isFrozen)).toBe(true);
    }
  });
});
