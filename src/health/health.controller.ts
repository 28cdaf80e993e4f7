import { Controller, Get, Inject, Res } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { Response } from 'express';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import { SyncWorker } from '../sync/sync.worker.js';
import { type Readiness, readinessOf } from './readiness.js';

/**
 * Answers the platform's probes. They depend on nothing but this instance, so that a third party's outage restarts nobody:
 * `/health` says whether it can accept events, `/health/ready` whether it also keeps up with them.
 */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly stateService: StateService,
    private readonly worker: SyncWorker,
    private readonly logger: Logger,
  ) {}

  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    // A probe that comes through the Marketplace's router carries the tenant's key: after a restart this is how events
    // that were waiting go on, without a new one having to ring. The answer never waits for it.
    void this.stateService.recall().catch((error: unknown) => {
      this.logger.write('app.failed', { code: 'state_of_probe' }, error);
    });
    return this.health.check([() => this.queueAnswers()]);
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const queue = await this.queue.check().then(
      () => 'up' as const,
      () => 'down' as const,
    );
    const readiness = readinessOf(queue, this.worker.lastHeartbeat());
    response.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }

  private async queueAnswers() {
    const indicator = this.indicators.check('queue');
    try {
      await this.queue.check();
      return indicator.up();
    } catch {
      // Terminus answers 503 for a component that is down; why it is down is in the lines of the failed writes.
      return indicator.down();
    }
  }
}
