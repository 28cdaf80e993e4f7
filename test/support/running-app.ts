import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { problemOfLine } from '../../sandbox/app-process/log-schema.ts';
import { startRouter } from '../../sandbox/marketplace/router.ts';
import { AppModule, type Foundation } from '../../src/app.module.js';
import { BoundedAdapter } from '../../src/bounded-adapter.js';
import { readConfig } from '../../src/config/config.js';
import { createApp, setUpHttp } from '../../src/create-app.js';
import { OUTBOUND_TIMES, type OutboundTimes, PRODUCTION_TIMES } from '../../src/http/outbound-times.js';
import { Logger, NestLogAdapter } from '../../src/log/logger.js';
import { ACCEPT_LIMITS, type AcceptLimits, PRODUCTION_LIMITS } from '../../src/webhooks/accept-limiter.js';
import { openQueue } from '../../src/queue/open-queue.js';
import type { Queue } from '../../src/queue/queue.js';
import { REPLICAS, sharedServer } from './replicas.ts';

/** One line of the log, as an operator's tools read it. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

export interface StateReply {
  readonly status: number;
  readonly body?: unknown;
}

/** The app on loopback in this process, in as many replicas as the run asks for, with a State API that answers as the test says. */
export interface RunningApp {
  /** Asks one replica after the other. */
  readonly url: string;
  /** Each replica's own address. */
  readonly urls: readonly string[];
  /** As one replica sees it. */
  readonly queue: Queue;
  /** The lines of all replicas, as they came. */
  readonly lines: Line[];
  /** What the State API answers for a key; a key without an entry is unknown (404). */
  readonly states: Map<string, StateReply>;
  /** Keys that the State API was asked for. */
  readonly asked: string[];
  /** Waits until a line of this kind was written; fails after a minute. */
  lineOf(event: string, count?: number): Promise<Line>;
  close(): Promise<void>;
}

/** A server on a free loopback port. */
export async function listen(
  handle: Parameters<typeof createServer>[1],
): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(handle ?? (() => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** What a test cannot wait for, or cannot fill, as large as in production. */
export type Smaller = Partial<OutboundTimes & AcceptLimits>;

/** The program as `createApp` builds it, but less patient with what it asks, and sooner full. */
async function createSmallerApp(foundation: Foundation, smaller: Smaller): Promise<NestExpressApplication> {
  const module = await Test.createTestingModule({ imports: [AppModule.of(foundation)] })
    .overrideProvider(OUTBOUND_TIMES)
    .useValue({ ...PRODUCTION_TIMES, ...smaller })
    .overrideProvider(ACCEPT_LIMITS)
    .useValue({ ...PRODUCTION_LIMITS, ...smaller })
    .compile();
  const logger = new NestLogAdapter(foundation.logger);
  const app = module.createNestApplication<NestExpressApplication>(new BoundedAdapter(), { bodyParser: false, logger });
  setUpHttp(app, foundation);
  return app;
}

interface Replica {
  readonly url: string;
  readonly queue: Queue;
  close(): Promise<void>;
}

async function startReplica(
  variables: Readonly<Record<string, string>>,
  lines: Line[],
  smaller?: Smaller,
): Promise<Replica> {
  const dataDir = mkdtempSync(join(tmpdir(), 'app-'));
  const config = readConfig({ DATA_DIR: dataDir, ...variables });
  const logger = new Logger(config.logLevel, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  const queue = await openQueue(config);
  const foundation = { config, logger, queue, version: '0.0.0' };
  const app = await (smaller ? createSmallerApp(foundation, smaller) : createApp(foundation));
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    queue,
    close: async () => {
      await app.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

async function startStateApi(states: ReadonlyMap<string, StateReply>, asked: string[]) {
  return listen((request, response) => {
    const key = decodeURIComponent(request.url?.replace(/^\/state\//, '') ?? '');
    asked.push(key);
    const reply = states.get(key) ?? { status: 404 };
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body ?? {}));
  });
}

/** One address for several replicas. */
async function startTurns(urls: readonly string[]) {
  let turn = 0;
  return startRouter(undefined, () => {
    const { hostname: host, port } = new URL(urls[turn++ % urls.length] ?? '');
    return { host, port: Number(port) };
  });
}

/**
 * @param environment overrides of the variables; `ALLOW_PRIVATE_TARGETS` opens loopback unless it is given.
 * @param smaller limits, where a test would have to wait for those of production or could not reach them
 * @param replicas as the run asks for; several share a fresh database, unless `DATABASE_URL` names one
 */
export async function startApp(
  environment: Readonly<Record<string, string>> = {},
  smaller?: Smaller,
  replicas = REPLICAS,
): Promise<RunningApp> {
  const states = new Map<string, StateReply>();
  const asked: string[] = [];
  const lines: Line[] = [];
  const stateApi = await startStateApi(states, asked);
  const needsDatabase = replicas > 1 && environment.DATABASE_URL === undefined;
  const server = needsDatabase ? await sharedServer() : undefined;
  const database = await server?.createDatabase();
  const variables = {
    SMP_STATE_API: stateApi.url,
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    SETTLE_MS: '0',
    SETTLE_MAX_MS: '0',
    RETRY_SCHEDULE_MS: '20,40,80',
    LOG_LEVEL: 'debug',
    ...(database !== undefined && { DATABASE_URL: database }),
    ...environment,
  };
  const running = await Promise.all(Array.from({ length: replicas }, () => startReplica(variables, lines, smaller)));
  const [first] = running;
  if (first === undefined) throw new Error('E2E_REPLICAS must be 1 or more.');
  const urls = running.map(({ url }) => url);
  const router = replicas > 1 ? await startTurns(urls) : undefined;
  return {
    url: router?.url ?? first.url,
    urls,
    queue: first.queue,
    lines,
    states,
    asked,
    lineOf: async (event, count = 1) => {
      for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 10) {
        const found = lines.filter((line) => line.event === event)[count - 1];
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no line ${count} of ${event}; there are: ${lines.map((line) => line.event).join(', ')}`);
    },
    close: async () => {
      await router?.close();
      await Promise.all(running.map((replica) => replica.close()));
      await closeServer(stateApi.server);
      if (database !== undefined) await server?.dropDatabase(database);
      // Whatever the test was about: no line of the app may be other than its readers were promised.
      const [problem] = lines.flatMap((line) => problemOfLine(line) ?? []);
      if (problem !== undefined) throw new Error(`The app wrote a line that is not in its schema: ${problem}`);
    },
  };
}
