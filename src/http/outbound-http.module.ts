import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { AddressGuard } from './address-guard.js';
import { OutboundHttp } from './outbound-http.js';

@Global()
@Module({})
export class OutboundHttpModule implements OnApplicationShutdown {
  constructor(private readonly outbound: OutboundHttp) {}

  static of(guard: AddressGuard, userAgent: string): DynamicModule {
    return {
      module: OutboundHttpModule,
      providers: [{ provide: OutboundHttp, useFactory: () => new OutboundHttp(guard, userAgent) }],
      exports: [OutboundHttp],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbound.close();
  }
}
