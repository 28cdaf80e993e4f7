import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AppModule, type Foundation } from '../../src/app.module.js';
import { readConfig } from '../../src/config/config.js';
import { createApp, setUpHttp } from '../../src/create-app.js';
import { OUTBOUND_TIMES, type OutboundTimes, PRODUCTION_TIMES } from '../../src/http/outbound-times.js';
import { Logger, NestLogAdapter } from '../../src/log/logger.js';
import { openQueue } from '../../src/queue/open-queue.js';
import type { Queue } from '../../src/queue/queue.js';

/** One line of the log, as an operator's tools read it. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

export interface StateReply {
  readonly status: number;
  readonly body?: unknown;
}

/** The app in this process on loopback, with a State API that answers as the test says. */
export interface RunningApp {
  readonly url: string;
  readonly queue: Queue;
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

/** The program as `createApp` builds it, but less patient with what it asks. */
async function createImpatientApp(
  foundation: Foundation,
  times: Partial<OutboundTimes>,
): Promise<NestExpressApplication> {
  const module = await Test.createTestingModule({ imports: [AppModule.of(foundation)] })
    .overrideProvider(OUTBOUND_TIMES)
    .useValue({ ...PRODUCTION_TIMES, ...times })
    .compile();
  const logger = new NestLogAdapter(foundation.logger);
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger });
  setUpHttp(app, foundation);
  return app;
}

/**
 * @param environment overrides of the variables; `ALLOW_PRIVATE_TARGETS` opens loopback unless it is given.
 * @param times shorter limits of what goes out, where a test would have to wait for those of production
 */
export async function startApp(
  environment: Readonly<Record<string, string>> = {},
  times?: Partial<OutboundTimes>,
): Promise<RunningApp> {
  const states = new Map<string, StateReply>();
  const asked: string[] = [];
  const stateApi = await listen((request, response) => {
    const key = decodeURIComponent(request.url?.replace(/^\/state\//, '') ?? '');
    asked.push(key);
    const reply = states.get(key) ?? { status: 404 };
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body ?? {}));
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'app-'));
  const config = readConfig({
    SMP_STATE_API: stateApi.url,
    DATA_DIR: dataDir,
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    SETTLE_MS: '0',
    SETTLE_MAX_MS: '0',
    RETRY_SCHEDULE_MS: '20,40,80',
    LOG_LEVEL: 'debug',
    ...environment,
  });
  const lines: Line[] = [];
  const logger = new Logger(config.logLevel, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  const queue = await openQueue(config);
  const foundation = { config, logger, queue, version: '0.0.0' };
  const app = await (times ? createImpatientApp(foundation, times) : createApp(foundation));
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    queue,
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
      await app.close();
      await closeServer(stateApi.server);
      rmSync(dataDir, { recursive: true });
    },
  };
}
