import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { QUEUE, type Queue } from './queue.js';

@Global()
@Module({})
export class QueueModule implements OnModuleDestroy, OnApplicationShutdown {
  constructor(@Inject(QUEUE) private readonly queue: Queue) {}

  /** The queue is opened before Nest starts, so that an unusable one stops the boot with one line. */
  static of(queue: Queue): DynamicModule {
    return { module: QueueModule, providers: [{ provide: QUEUE, useValue: queue }], exports: [QUEUE] };
  }

  onModuleDestroy(): void {
    this.queue.endWaits();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}
