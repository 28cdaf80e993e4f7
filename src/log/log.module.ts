import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Logger } from './logger.js';

@Global()
@Module({})
export class LogModule {
  /** The logger exists before Nest, so that a refused boot is a line too. */
  static of(logger: Logger): DynamicModule {
    return { module: LogModule, providers: [{ provide: Logger, useValue: logger }], exports: [Logger] };
  }
}
