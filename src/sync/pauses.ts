/** Why nothing is done for a tenant at the moment, although its events are kept. */
export type PauseCode =
  | 'settings_invalid'
  | 'core_not_connected'
  | 'core_unauthorized'
  | 'target_unauthorized'
  | 'target_gone'
  | 'unknown_key';

interface Pause {
  readonly code: PauseCode;
  /** Of the tenant's key and state when it was paused; another one means that something was changed. */
  readonly version: number;
  readonly recheckAtMs: number;
  readonly waitMs: number;
}

/** First and longest wait before a paused tenant is tried again by itself. */
const FIRST_RECHECK_MS = 60_000;
const LONGEST_RECHECK_MS = 900_000;
/** Whatever a target says, it is not asked again sooner. */
const SHORTEST_HOLD_MS = 1_000;
/** A target that does not answer rests twice as long with each failure, up to this. */
const LONGEST_BREAK_MS = 60_000;

/**
 * Which tenants rest, and until when. A *hold* is short and quiet: the target is throttling, or does not answer (the
 * breaker). A *pause* is something that must be changed: it is reported once, ends with the change, and is tried again
 * now and then all the same, because an account may be enabled at the target without any change here.
 */
export class Pauses {
  private readonly holds = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly pauses = new Map<string, Pause>();

  /** Nothing for this tenant before `untilMs`. */
  hold(tenant: string, untilMs: number, nowMs: number): void {
    const notBeforeMs = Math.max(untilMs, nowMs + SHORTEST_HOLD_MS);
    this.holds.set(tenant, Math.max(notBeforeMs, this.holds.get(tenant) ?? 0));
  }

  /** The tenant's target (or Core) did not answer: it rests, longer each time. */
  breakFor(tenant: string, nowMs: number): void {
    const failures = this.failures.get(tenant) ?? 0;
    this.failures.set(tenant, failures + 1);
    this.hold(tenant, nowMs + Math.min(SHORTEST_HOLD_MS * 2 ** failures, LONGEST_BREAK_MS), nowMs);
  }

  /** The last exchange with this tenant's target failed as a whole: one root at a time is enough to find out more. */
  isOnProbation(tenant: string): boolean {
    return this.failures.has(tenant) || this.pauses.has(tenant);
  }

  /**
   * @param version of the tenant's key and state that the work was done with
   * @returns true when this is news: it was not paused for this reason before
   */
  pause(tenant: string, code: PauseCode, version: number, nowMs: number): boolean {
    const earlier = this.pauses.get(tenant);
    const isKnown = earlier?.code === code && earlier.version === version;
    // Several roots that were in hand together find the same out; only the first one counts.
    if (isKnown && earlier.recheckAtMs > nowMs) return false;
    const waitMs = isKnown ? Math.min(earlier.waitMs * 2, LONGEST_RECHECK_MS) : FIRST_RECHECK_MS;
    this.pauses.set(tenant, { code, version, recheckAtMs: nowMs + waitMs, waitMs });
    return !isKnown;
  }

  /** The target has answered: neither pause nor breaker is left. A hold stays. @returns true when it was paused. */
  works(tenant: string): boolean {
    this.failures.delete(tenant);
    return this.pauses.delete(tenant);
  }

  /** Core and the settings are all right, and nothing had to be sent. @returns true when it was paused because of them. */
  coreWorks(tenant: string): boolean {
    const code = this.pauses.get(tenant)?.code;
    return code !== 'target_unauthorized' && code !== 'target_gone' && this.works(tenant);
  }

  /** Start was called: everything may be tried again at once. @returns true when it was paused. */
  resume(tenant: string): boolean {
    this.holds.delete(tenant);
    return this.works(tenant);
  }

  isResting(tenant: string, version: number, nowMs: number): boolean {
    if ((this.holds.get(tenant) ?? 0) > nowMs) return true;
    this.holds.delete(tenant);
    const pause = this.pauses.get(tenant);
    return pause !== undefined && pause.version === version && pause.recheckAtMs > nowMs;
  }
}
