import { Controller, Get } from '@nestjs/common';
import { LifecycleService, type StartAnswer, type StopAnswer } from './lifecycle.service.js';

/** The Marketplace's lifecycle calls; the prefix `/_app/` is reserved for them. Both may come more than once. */
@Controller('_app')
export class LifecycleController {
  constructor(private readonly lifecycle: LifecycleService) {}

  @Get('start')
  start(): Promise<StartAnswer> {
    return this.lifecycle.start();
  }

  @Get('stop')
  stop(): Promise<StopAnswer> {
    return this.lifecycle.stop();
  }
}
