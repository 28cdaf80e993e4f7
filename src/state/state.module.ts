import { setTimeout as sleep } from 'node:timers/promises';
import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { Logger } from '../log/logger.js';
import { StateClient } from './state.client.js';
import { StateMiddleware } from './state.middleware.js';
import { StateService } from './state.service.js';
import { Tenants } from './tenants.js';

@Global()
@Module({
  providers: [
    Tenants,
    StateService,
    {
      provide: StateClient,
      useFactory: (config: Config, outbound: OutboundHttp, logger: Logger) =>
        new StateClient(outbound.toPlatform, logger, {
          baseUrl: config.stateApi,
          ttlMs: config.stateTtlMs,
          now: Date.now,
          sleep: async (ms) => sleep(ms),
        }),
      inject: [CONFIG, OutboundHttp, Logger],
    },
  ],
  exports: [StateService, StateClient, Tenants],
})
export class StateModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(StateMiddleware).forRoutes('webhook-notify', '_app/*path', 'health', 'console', 'console/*path');
  }
}
