import 'reflect-metadata';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Foundation } from './app.module.js';
import { ConfigError, readConfig } from './config/config.js';
import { createApp } from './create-app.js';
import { AllowListError } from './http/address-guard.js';
import { OutboundHttp } from './http/outbound-http.js';
import { Logger } from './log/logger.js';
import { openQueue } from './queue/open-queue.js';
import { type Queue, QueueOpenError } from './queue/queue.js';

/** Time a shutdown may take before the process ends anyway; the platform's own patience is unknown. */
const SHUTDOWN_MS = 10_000;
/** So long whoever was asked may still answer; what hangs then is cut, so that its work is given back in time. */
const LAST_ANSWERS_MS = 6_000;
/** Then whoever still sends, or does not take the answer, is cut as well. */
const LAST_REQUESTS_MS = 7_000;

/**
 * Starts the program with the environment's configuration and runs until a signal.
 * @throws what the boot cannot go on without; {@link describeRefusal} has the operator's sentence for it
 */
export async function boot(): Promise<void> {
  const config = readConfig(process.env);
  const logger = new Logger(config.logLevel);
  process.once('uncaughtException', (error) => {
    // A bug that nobody caught: Node's own words would quote the error's message, which may hold a payload.
    logger.write('app.failed', { code: 'uncaught' }, error);
    process.exit(1);
  });
  const booting = new Booting(logger);
  const queue = await openQueue(config);
  booting.opened(queue);
  const version = packageVersion();
  const app = await listening({ config, logger, queue, version });
  booting.isOver = true;
  logger.write('app.started', { port: config.port, version });
  await end(app, logger, await booting.signal);
}

async function listening(foundation: Foundation): Promise<NestExpressApplication> {
  try {
    const app = await createApp(foundation);
    await app.init();
    // Not by Nest's own `listen`, which would also write of a port that is taken as of a bug.
    const server = app.getHttpServer().listen(foundation.config.port, '0.0.0.0');
    await once(server, 'listening');
    return app;
  } catch (error) {
    // A replica that leaves without a word counts as alive for a while.
    await foundation.queue.close();
    throw error;
  }
}

/**
 * The first SIGTERM or SIGINT. While the boot waits for a lock or moves a file to a newer form there is nothing to finish:
 * then it ends the process at once, which the system does not do by itself where that is process 1, as in a container.
 */
class Booting {
  readonly signal: Promise<string>;
  isOver = false;
  private queue: Queue | undefined;

  constructor(private readonly logger: Logger) {
    this.signal = new Promise((resolve) => {
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
    });
    void this.signal.then((signal) => (this.isOver ? undefined : this.giveUp(signal)));
  }

  opened(queue: Queue): void {
    this.queue = queue;
  }

  private async giveUp(signal: string): Promise<void> {
    await this.queue?.close();
    this.logger.write('app.stopped', { signal });
    process.exit(0);
  }
}

/** Ends the process: what is in hand is finished or given back. */
async function end(app: NestExpressApplication, logger: Logger, signal: string): Promise<void> {
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  setTimeout(() => void app.get(OutboundHttp).close(), LAST_ANSWERS_MS).unref();
  setTimeout(() => app.getHttpServer().closeAllConnections(), LAST_REQUESTS_MS).unref();
  await app.close();
  logger.write('app.stopped', { signal });
  process.exit(0);
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}

const PORT_REFUSALS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'SMP_PORT is in use by another process.'],
  ['EACCES', 'SMP_PORT must be one that this user may open: 1024 or higher.'],
]);

/** The sentence for the operator when the boot cannot succeed until something is changed; undefined for a bug. */
export function describeRefusal(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof AllowListError || error instanceof QueueOpenError) {
    return error.message;
  }
  const isOfPort = error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'code' in error;
  return isOfPort ? PORT_REFUSALS.get(String(error.code)) : undefined;
}
