import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue } from '../queue/queue.js';
import { PAUSED_BY_OPERATOR } from '../queue/tenant-rest.js';

/** As often as the worker asks for work at least, and so heeds the pauses itself. */
const LOOK_MS = 1_000;

/**
 * Knows which tenants an operator has paused, and leaves a line when that takes effect in this process and when it ends. The
 * queue itself heeds it.
 */
@Injectable()
export class OperatorPauses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private paused: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    @Inject(QUEUE) private readonly queue: Pick<Queue, 'operatorPauses'>,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Whether an operator has paused this tenant, as of a moment ago. No Start ends that. */
  isPaused(tenant: string): boolean {
    return this.paused.has(tenant);
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    // A store that fails is reported by those who need it: until it works again, what was known holds.
    const found = await this.queue.operatorPauses().catch(() => [...this.paused]);
    this.isLooking = false;
    const [before, now] = [this.paused, new Set(found)];
    this.paused = now;
    for (const tenant of now) if (!before.has(tenant)) this.tell('tenant.paused', tenant);
    for (const tenant of before) if (!now.has(tenant)) this.tell('tenant.resumed', tenant);
  }

  private tell(event: 'tenant.paused' | 'tenant.resumed', tenant: string): void {
    this.logger.write(event, { tenant, code: PAUSED_BY_OPERATOR });
  }
}
