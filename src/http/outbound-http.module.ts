import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { AddressGuard } from './address-guard.js';
import { OutboundHttp } from './outbound-http.js';
import { OUTBOUND_TIMES, type OutboundTimes, PRODUCTION_TIMES } from './outbound-times.js';

@Global()
@Module({})
export class OutboundHttpModule implements OnApplicationShutdown {
  constructor(private readonly outbound: OutboundHttp) {}

  static of(guard: AddressGuard, userAgent: string): DynamicModule {
    return {
      module: OutboundHttpModule,
      providers: [
        { provide: OUTBOUND_TIMES, useValue: PRODUCTION_TIMES },
        {
          provide: OutboundHttp,
          useFactory: (times: OutboundTimes) => new OutboundHttp(guard, userAgent, times),
          inject: [OUTBOUND_TIMES],
        },
      ],
      exports: [OutboundHttp],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbound.close();
  }
}
