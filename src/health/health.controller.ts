import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';

/** Answers the platform's probe. Depends on nothing but the own queue, so that a third party's outage restarts nobody. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly stateService: StateService,
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
