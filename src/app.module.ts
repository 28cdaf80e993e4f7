import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CatchUpModule } from './catch-up/catch-up.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { ConsoleModule } from './console/console.module.js';
import { ErrorFilter } from './errors/error.filter.js';
import { HealthModule } from './health/health.module.js';
import { AddressGuard } from './http/address-guard.js';
import { OutboundHttpModule } from './http/outbound-http.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { LogModule } from './log/log.module.js';
import type { Logger } from './log/logger.js';
import type { Queue } from './queue/queue.js';
import { PulseModule } from './pulse/pulse.module.js';
import { QueueModule } from './queue/queue.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { StateModule } from './state/state.module.js';
import { SyncModule } from './sync/sync.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** What exists before Nest does, because its failure must stop the boot with one clear line. */
export interface Foundation {
  readonly config: Config;
  readonly logger: Logger;
  readonly queue: Queue;
  /** Of this release, as in `package.json`. */
  readonly version: string;
}

/** The whole program: accept (webhooks), keep (queue), sync, deliver; with the tenant's state and lifecycle beside it. */
@Module({})
export class AppModule {
  static of({ config, logger, queue, version }: Foundation): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        LogModule.of(logger),
        QueueModule.of(queue),
        OutboundHttpModule.of(new AddressGuard(config.allowPrivateTargets), `socotra-sync/${version}`),
        StateModule,
        WebhooksModule,
        SyncModule,
        CatchUpModule,
        LifecycleModule,
        HealthModule,
        ConsoleModule,
        RetentionModule,
        PulseModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
