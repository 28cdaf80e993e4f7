import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

/** How the process is set up; read once from the environment, then frozen. Names and defaults are fixed for operators. */
export interface Config {
  /** TCP port, all interfaces. */
  readonly port: number;
  /** Base address of the State API, without trailing slashes. */
  readonly stateApi: string;
  /** Absolute path of the folder that holds the embedded queue. */
  readonly dataDir: string;
  /** The database of the shared queue; unset: the embedded queue. Holds a password, so it is written nowhere. */
  readonly databaseUrl?: string;
  readonly logLevel: LogLevel;
  /** How long a record rests after its last event before it is read from Core. */
  readonly settleMs: number;
  /** A record under constant fire is synced at least this often. */
  readonly settleMaxMs: number;
  /** Waits between the tries of a failed sync; after the last one the event is a dead letter. */
  readonly retryScheduleMs: readonly number[];
  /** How often each running tenant's event stream is read for events that never arrived; `0`: only at Start. */
  readonly catchUpIntervalMs: number;
  /** How long a tenant's state is reused. */
  readonly stateTtlMs: number;
  /** `host:port` or CIDR that tenant-supplied addresses may reach although private or plain http. */
  readonly allowPrivateTargets: readonly string[];
  readonly maxBodyBytes: number;
  /** How long an event that has ended can still be looked into and replayed; its payload is forgotten then. */
  readonly retentionMs: number;
  /** How long after its end an event is still known by its id; never shorter than {@link retentionMs}. */
  readonly dedupeMs: number;
}

/** Where the queue is: all that the operator's commands need to know. */
export type QueueLocation = Pick<Config, 'dataDir' | 'databaseUrl'>;

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Nest's injection token for {@link Config}. */
export const CONFIG = Symbol('CONFIG');

/** A value in the environment that the process cannot run with; the message names the variable and what is allowed. */
export class ConfigError extends Error {
  readonly code = 'invalid_configuration';
}

type Environment = Readonly<Record<string, string | undefined>>;

const DAY_MS = 86_400_000;
const DEFAULT_RETENTION_MS = 7 * DAY_MS;
/** Longer than the longest backfill looks back, so that one does not bring again what was forgotten. */
const DEFAULT_DEDUPE_MS = 31 * DAY_MS;
const LONGEST_MEMORY_MS = 3_650 * DAY_MS;
/** Core's duplicates and the event stream's repetitions of what has rung come within minutes. */
const SHORTEST_DEDUPE_MS = 3_600_000;

/**
 * Reads and checks the environment. The only reader of `process.env`.
 * @throws {ConfigError} for the first malformed variable.
 */
export function readConfig(env: Environment): Config {
  const database = databaseUrl(env, 'DATABASE_URL');
  const retentionMs = integer(env, 'RETENTION_MS', DEFAULT_RETENTION_MS, 0, LONGEST_MEMORY_MS);
  return Object.freeze({
    port: integer(env, 'SMP_PORT', 10_111, 1, 65_535),
    stateApi: httpUrl(env, 'SMP_STATE_API'),
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS, 'info'),
    settleMs: integer(env, 'SETTLE_MS', 5_000, 0, 3_600_000),
    settleMaxMs: integer(env, 'SETTLE_MAX_MS', 30_000, 0, 3_600_000),
    retryScheduleMs: integerList(
      env,
      'RETRY_SCHEDULE_MS',
      [5_000, 15_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000],
    ),
    catchUpIntervalMs: integer(env, 'CATCH_UP_INTERVAL_MS', 300_000, 0, 86_400_000),
    stateTtlMs: integer(env, 'STATE_TTL_MS', 30_000, 0, 60_000),
    allowPrivateTargets: Object.freeze(partsOf(env.ALLOW_PRIVATE_TARGETS ?? '').filter((part) => part !== '')),
    maxBodyBytes: integer(env, 'MAX_BODY_BYTES', 65_536, 1_024, 10_485_760),
    retentionMs,
    dedupeMs: dedupeTime(env, 'DEDUPE_MS', retentionMs),
    // Last, because it creates the folder: a boot that is refused leaves nothing behind. The shared queue needs none.
    ...(database === undefined
      ? { dataDir: writableFolder(env, 'DATA_DIR', './data') }
      : { dataDir: folderOf(env, 'DATA_DIR', './data'), databaseUrl: database }),
  });
}

/**
 * Reads of the environment what the operator's commands need, and creates nothing: they may be misdirected.
 * @throws {ConfigError} for a malformed `DATABASE_URL`.
 */
export function readQueueLocation(env: Environment): QueueLocation {
  const database = databaseUrl(env, 'DATABASE_URL');
  const dataDir = folderOf(env, 'DATA_DIR', './data');
  return { dataDir, ...(database !== undefined && { databaseUrl: database }) };
}

function given(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

function integer(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = given(env, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

function dedupeTime(env: Environment, name: string, retentionMs: number): number {
  const fallback = Math.max(DEFAULT_DEDUPE_MS, retentionMs);
  const value = integer(env, name, fallback, SHORTEST_DEDUPE_MS, LONGEST_MEMORY_MS);
  if (value < retentionMs) throw new ConfigError(`${name} must not be less than RETENTION_MS (${retentionMs}).`);
  return value;
}

function integerList(env: Environment, name: string, fallback: readonly number[]): readonly number[] {
  const text = given(env, name);
  if (text === undefined) return Object.freeze(fallback);
  const parts = partsOf(text);
  if (parts.some((part) => !/^\d{1,10}$/.test(part))) {
    throw new ConfigError(`${name} must be a comma-separated list of milliseconds, for example 5000,15000,60000.`);
  }
  return Object.freeze(parts.map(Number));
}

function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[], fallback: T): T {
  const text = given(env, name);
  if (text === undefined) return fallback;
  const value = allowed.find((candidate) => candidate === text);
  if (value === undefined) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}.`);
  return value;
}

function httpUrl(env: Environment, name: string): string {
  const text = given(env, name);
  if (text === undefined) {
    throw new ConfigError(`${name} is required: the base address of the Marketplace's State API, http:// or https://.`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new ConfigError(`${name} must be an http:// or https:// address without query, user name or password.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function databaseUrl(env: Environment, name: string): string | undefined {
  const text = given(env, name);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const hasHost = url !== undefined && (url.hostname !== '' || url.searchParams.has('host'));
  if (!hasHost || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2) {
    throw new ConfigError(
      `${name} must be postgres://user:password@host:5432/database, special characters in it percent-encoded; ` +
        'unset, the embedded queue in DATA_DIR is used.',
    );
  }
  return text;
}

function partsOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function folderOf(env: Environment, name: string, fallback: string): string {
  return resolve(given(env, name) ?? fallback);
}

function writableFolder(env: Environment, name: string, fallback: string): string {
  const folder = folderOf(env, name, fallback);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.R_OK);
  } catch (cause) {
    throw new ConfigError(`${name} must be a folder that this process may create and write.`, { cause });
  }
  return folder;
}
