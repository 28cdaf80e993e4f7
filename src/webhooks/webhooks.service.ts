import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { RequestError } from '../errors/request-error.js';
import type { SocotraEvent } from '../events/socotra-events.js';
import { Logger } from '../log/logger.js';
import { QUEUE, type Queue, QueueUnavailableError } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import type { TenantState } from '../state/tenant-state.js';
import { AcceptLimiter } from './accept-limiter.js';
import { type Envelope, readEnvelope } from '../intake/envelope.js';
import { judge, toNewEvent } from '../intake/intake.js';

export interface AcceptAnswer {
  readonly status: 'accepted' | 'duplicate' | 'ignored';
  readonly id: string;
}

/** Core's own limit is unknown, so answer within a second or two: a known tenant's last state does meanwhile. */
const STATE_WAIT_MS = 2_500;
const RETRY_AFTER_SECONDS = 5;
/** A tenant that is full stays so for a while: what waits must be synced, what is dead replayed or purged. */
const FULL_RETRY_AFTER_SECONDS = 60;
/** Only names that look like Core's are repeated in the log. */
const PRINTABLE_NAME = /^[A-Za-z.]{1,64}$/;

/** Accepts one webhook: validate, resolve the tenant, make it durable. Nothing else happens here. */
@Injectable()
export class WebhooksService implements BeforeApplicationShutdown {
  private closing = false;

  constructor(
    private readonly stateService: StateService,
    @Inject(QUEUE) private readonly queue: Queue,
    private readonly logger: Logger,
    private readonly limiter: AcceptLimiter,
  ) {}

  /** @throws {RequestError} with the answer for the sender; nothing is stored then. */
  async accept(body: string): Promise<AcceptAnswer> {
    const startedMs = performance.now();
    if (this.closing) throw unavailable('shutting_down', 'The app is shutting down; send the event again.');
    const state = await this.tenantState();
    this.limit(state.tenant);
    const reading = readEnvelope(body);
    if (!reading.ok) {
      throw new RequestError(400, 'invalid_envelope', 'The webhook envelope is not as expected.', {
        fields: reading.problems,
        tenant: state.tenant,
      });
    }
    const intake = judge(reading.envelope, state.settings);
    return intake.kind === 'keep'
      ? this.store(state.tenant, intake.event, startedMs)
      : this.ignore(state, reading.envelope, intake.code);
  }

  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  private async tenantState(): Promise<TenantState> {
    const answer = await this.stateService.current(STATE_WAIT_MS);
    switch (answer.kind) {
      case 'known':
        return answer.state;
      case 'no_key':
        throw new RequestError(401, 'no_key', 'The x-smp-key header is missing: call through the Marketplace.');
      case 'unknown_key':
        throw new RequestError(401, 'unknown_key', 'The State API does not know this x-smp-key.');
      case 'unavailable':
        throw unavailable('state_unavailable', 'The State API does not answer; send the event again.');
    }
  }

  /** Before the body is read: whoever floods a tenant with nonsense has used its allowance too. */
  private limit(tenant: string): void {
    const waitMs = this.limiter.take(tenant, Date.now());
    if (waitMs === 0) return;
    throw new RequestError(429, 'too_many_events', 'This tenant sends more events than the app accepts.', {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
      tenant,
    });
  }

  private async store(tenant: string, event: SocotraEvent, startedMs: number): Promise<AcceptAnswer> {
    const receivedAtMs = Date.now();
    if (!(await this.limiter.hasRoom(tenant, receivedAtMs))) {
      throw new RequestError(429, 'tenant_full', 'Too many events of this tenant wait already; send it again later.', {
        retryAfterSeconds: FULL_RETRY_AFTER_SECONDS,
        tenant,
      });
    }
    const newEvent = toNewEvent(tenant, event, receivedAtMs);
    const result = await this.queue.append(newEvent).catch((error: unknown) => {
      if (error instanceof QueueUnavailableError) {
        throw unavailable('queue_unavailable', 'The event could not be stored; send it again.', tenant);
      }
      throw error;
    });
    const { id, type, root } = newEvent;
    const status = result === 'appended' ? 'accepted' : 'duplicate';
    if (result === 'appended') this.limiter.stored(tenant);
    const durationMs = Math.round(performance.now() - startedMs);
    this.logger.write(`webhook.${status}`, { tenant, root, eventId: id, eventType: type, durationMs });
    return { status, id };
  }

  private ignore(state: TenantState, envelope: Envelope, code: string): AcceptAnswer {
    this.logger.write('webhook.ignored', {
      tenant: state.tenant,
      eventId: envelope.id,
      eventType: PRINTABLE_NAME.test(envelope.type) ? envelope.type : 'unprintable',
      code,
    });
    return { status: 'ignored', id: envelope.id };
  }
}

function unavailable(code: string, message: string, tenant?: string): RequestError {
  const whom = tenant === undefined ? {} : { tenant };
  return new RequestError(503, code, message, { retryAfterSeconds: RETRY_AFTER_SECONDS, ...whom });
}
