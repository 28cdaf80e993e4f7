import 'reflect-metadata';
import { Module, type ModuleMetadata, type ValueProvider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { ErrorFilter } from '../../src/errors/error.filter.js';
import { LogModule } from '../../src/log/log.module.js';
import { Logger } from '../../src/log/logger.js';

export interface NestApp {
  readonly url: string;
  /** Every line of the log, parsed. */
  lines(): readonly unknown[];
  close(): Promise<void>;
}

@Module({})
class Provided {}

/**
 * A part of the program on a loopback port, behind the program's own error filter.
 *
 * @param provided what other modules of the program would offer to this part
 * @param setUp what the program does with its server before it listens
 */
export async function startNestApp(
  part: ModuleMetadata,
  provided: ValueProvider[] = [],
  setUp: (app: NestExpressApplication) => void = () => undefined,
): Promise<NestApp> {
  const lines: string[] = [];
  const logger = new Logger('debug', { write: (line) => lines.push(line) });
  const offer = {
    module: Provided,
    global: true,
    providers: provided,
    exports: provided.map(({ provide }) => provide),
  };
  const module = await Test.createTestingModule({
    ...part,
    imports: [LogModule.of(logger), offer, ...(part.imports ?? [])],
    providers: [...(part.providers ?? []), { provide: APP_FILTER, useClass: ErrorFilter }],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, bodyParser: false });
  app.useBodyParser('text', { type: 'application/json', limit: 1_024 });
  setUp(app);
  await app.listen(0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    lines: () => lines.map((line): unknown => JSON.parse(line)),
    close: () => app.close(),
  };
}
