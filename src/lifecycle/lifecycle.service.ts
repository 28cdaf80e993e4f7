import { Injectable } from '@nestjs/common';
import { CatchUpService } from '../catch-up/catch-up.service.js';
import type { Connector, Target, VerifyResult } from '../connectors/connector.js';
import { RequestError } from '../errors/request-error.js';
import { Logger } from '../log/logger.js';
import { RecentlyUsed } from '../recently-used.js';
import { SharedRuns } from './shared-runs.js';
import { StateClient } from '../state/state.client.js';
import { type RequestState, StateService } from '../state/state.service.js';
import { TenantAllowance } from '../state/tenant-allowance.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { withDeadline } from '../state/with-deadline.js';
import { Tenants } from '../state/tenants.js';
import { OperatorPauses } from '../sync/operator-pauses.js';
import { SyncWorker } from '../sync/sync.worker.js';
import { TargetFactory } from '../sync/target-factory.js';

export interface StartAnswer {
  readonly status: 'started';
  /** What the customer should know although the app started. */
  readonly warnings: readonly string[];
}

export interface StopAnswer {
  readonly delivered: number;
  readonly left: number;
}

/** The platform allows a minute for either call, everything included. */
const DEADLINE_MS = 50_000;
const STATE_WAIT_MS = 20_000;

/** The event stream is read in less, as a rule; neither a long backfill nor a Core that is away is waited for. */
const CORE_WAIT_MS = 5_000;

const TARGET_TIMED_OUT: VerifyResult = {
  ok: false,
  cause: 'unreachable',
  code: 'target_timeout',
  message: 'The target did not answer in time.',
};

const PAUSED_BY_OPERATOR =
  'The operator has paused the app for you: what changes is kept, and synced when the operator ends that. Ask the operator.';

/** So often a Stop has a tenant's retries tried at once: each costs Core and the target calls, and anybody may call. */
const HURRIES = { burst: 2, perSecond: 1 / 600 };

const TENANTS_REMEMBERED = 10_000;

/**
 * Start and Stop of one tenant, as the Marketplace calls them. Idempotent, and bounded: the Marketplace's router lets
 * anybody call. Where one is called while the other goes on, the later call counts, whichever ends first.
 */
@Injectable()
export class LifecycleService {
  private readonly starts = new SharedRuns<StartAnswer>();
  private readonly stops = new SharedRuns<StopAnswer>();
  private readonly hurries = new TenantAllowance(HURRIES);
  /** When the last Start that went well was called, by tenant and `performance.now()`. */
  private readonly startCalledMs = new RecentlyUsed<number>(TENANTS_REMEMBERED);
  /** When Stop was called last, likewise. */
  private readonly stopCalledMs = new RecentlyUsed<number>(TENANTS_REMEMBERED);

  constructor(
    private readonly stateService: StateService,
    private readonly stateClient: StateClient,
    private readonly tenants: Tenants,
    private readonly targets: TargetFactory,
    private readonly worker: SyncWorker,
    private readonly operatorPauses: OperatorPauses,
    private readonly catchUp: CatchUpService,
    private readonly logger: Logger,
  ) {}

  /**
   * Finds out whether the tenant can be served and says in the customer's words why not.
   * @throws {RequestError} whose message the customer can act on.
   */
  start(): Promise<StartAnswer> {
    const { key } = this.stateService;
    const calledMs = performance.now();
    return key === undefined ? this.startOnce(calledMs) : this.starts.run(key, () => this.startOnce(calledMs));
  }

  /** Delivers what waits for this tenant, as far as the time allows, then forgets its key. What is left stays durable. */
  stop(): Promise<StopAnswer> {
    const { key } = this.stateService;
    const calledMs = performance.now();
    return key === undefined ? this.stopOnce(calledMs) : this.stops.run(key, () => this.stopOnce(calledMs));
  }

  private async startOnce(calledMs: number): Promise<StartAnswer> {
    let tenant: string | undefined;
    try {
      const state = readable(await this.stateService.currentAnew(STATE_WAIT_MS));
      tenant = state.tenant;
      const settings = usableSettings(state);
      const warnings = await this.verifyTarget(state, settings, DEADLINE_MS - (performance.now() - calledMs));
      this.refuseIfStopped(tenant, calledMs);
      this.rememberUnlessOlder(state, calledMs);
      await this.worker.resume(tenant);
      await this.catchUp.begin(tenant, settings.backfill);
      const coreWarnings = coreWarningsOf(await this.catchUp.troubleOf(tenant, CORE_WAIT_MS));
      this.refuseIfStopped(tenant, calledMs);
      const durationMs = Math.round(performance.now() - calledMs);
      const { connector, profile } = settings;
      this.logger.write('tenant.started', { tenant, target: connector.id, profile, durationMs });
      const pauseWarnings = this.operatorPauses.isPaused(tenant) ? [PAUSED_BY_OPERATOR] : [];
      return { status: 'started', warnings: [...pauseWarnings, ...warnings, ...coreWarnings] };
    } catch (error) {
      if (error instanceof RequestError) {
        this.logger.write('tenant.start_refused', { ...(tenant !== undefined && { tenant }), code: error.code });
      }
      throw error;
    }
  }

  private async stopOnce(calledMs: number): Promise<StopAnswer> {
    const { key } = this.stateService;
    const { tenant } = readable(await this.stateService.current(STATE_WAIT_MS));
    this.stopCalledMs.set(tenant, calledMs);
    const deadlineMs = DEADLINE_MS - (performance.now() - calledMs);
    const hurry = this.hurries.take(tenant, Date.now()) === 0;
    const answer = await this.worker.flush(tenant, { deadlineMs, hurry });
    if (isLater(this.startCalledMs.get(tenant), calledMs)) return answer;
    this.tenants.forget(tenant);
    if (key !== undefined) this.stateClient.forget(key);
    this.logger.write('tenant.stopped', { tenant, ...answer });
    return answer;
  }

  /** A Start that was called later has brought a newer state, and perhaps another key, after which this one is worth nothing. */
  private rememberUnlessOlder(state: TenantState, calledMs: number): void {
    if (isLater(this.startCalledMs.get(state.tenant), calledMs)) return;
    this.stateService.remember(state);
    this.startCalledMs.set(state.tenant, calledMs);
  }

  private refuseIfStopped(tenant: string, calledMs: number): void {
    if (!isLater(this.stopCalledMs.get(tenant), calledMs)) return;
    throw new RequestError(409, 'stopped_meanwhile', 'The app was stopped while it was being started: start it again.');
  }

  private async verifyTarget(
    state: TenantState,
    settings: TenantSettings,
    deadlineMs: number,
  ): Promise<readonly string[]> {
    const target = this.targets.targetFor(state, settings);
    const result = await withDeadline(verifyWithSchema(settings.connector, target), deadlineMs, TARGET_TIMED_OUT);
    if (result.ok) return result.warnings ?? [];
    // Refused, the tenant would be without an app until somebody tries at the right moment: nothing is wrong here.
    if (result.cause === 'resting') return [result.message];
    if (result.cause === 'unreachable' && settings.startCheck === 'lenient') return [result.message];
    throw new RequestError(result.cause === 'settings' ? 422 : 502, result.code, result.message);
  }
}

async function verifyWithSchema(connector: Connector, target: Target): Promise<VerifyResult> {
  const verified = await connector.verify(target);
  if (!verified.ok || connector.ensureSchema === undefined) return verified;
  const ensured = await connector.ensureSchema(target);
  if (!ensured.ok) return ensured;
  return { ok: true, warnings: [...(verified.warnings ?? []), ...(ensured.warnings ?? [])] };
}

/**
 * What Start has noticed of Core in passing, for the customer: the tenant is started all the same, because Core may be
 * mended, and the token is renewed.
 *
 * @param trouble why its event stream could not be read
 */
function coreWarningsOf(trouble: string | undefined): readonly string[] {
  switch (trouble) {
    case 'core_unauthorized':
    case 'aux_data_unauthorized':
      return [
        'Socotra refuses the token that the Marketplace gave: nothing is synced until you connect the tenant again.',
      ];
    case 'core_forbidden':
      return [
        'The account may not read the event stream of Socotra: webhooks that are lost are never found. Give it that right.',
      ];
    // The stream is not as expected, or the app's own allowance is used up: that is for the operator to see.
    case undefined:
    case 'core_calls_limited':
    case 'core_malformed':
    case 'core_not_found':
      return [];
    default:
      return trouble.startsWith('core_') ? ['Socotra does not answer at the moment: syncing begins when it does.'] : [];
  }
}

function isLater(otherCalledMs: number | undefined, calledMs: number): boolean {
  return otherCalledMs !== undefined && otherCalledMs > calledMs;
}

function usableSettings(state: TenantState): TenantSettings {
  if (!state.settings.ok) {
    throw new RequestError(422, 'settings_invalid', state.settings.problems.join(' '));
  }
  if (state.core === undefined) {
    throw new RequestError(
      422,
      'core_not_connected',
      'The Marketplace gave no Socotra Core address or token for this tenant: connect the tenant again.',
    );
  }
  return state.settings.settings;
}

function readable(answer: RequestState): TenantState {
  switch (answer.kind) {
    case 'known':
      return answer.state;
    case 'no_key':
      throw new RequestError(401, 'no_key', 'The x-smp-key header is missing: call through the Marketplace.');
    case 'unknown_key':
      throw new RequestError(401, 'unknown_key', 'The State API does not know this x-smp-key.');
    case 'unavailable':
      throw new RequestError(
        503,
        'state_unavailable',
        'The Marketplace did not give the settings; start the app again.',
      );
  }
}
