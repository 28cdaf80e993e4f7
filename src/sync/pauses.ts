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
  /** The state's fingerprint when it was paused; another one means the customer changed something. */
  readonly fingerprint: string;
  readonly recheckAtMs: number;
  readonly waitMs: number;
}

/** First and longest wait before a paused tenant is tried again by itself. */
const FIRST_RECHECK_MS = 60_000;
const LONGEST_RECHECK_MS = 900_000;

/**
 * Which tenants rest, and until when. Two reasons: a *hold* (throttled or unreachable, short and quiet) and a *pause*
 * (something the customer must change). A paused tenant is tried again now and then, because an account may be enabled
 * at the target without any change here; it is reported once, and again only after it had worked.
 */
export class Pauses {
  private readonly holds = new Map<string, number>();
  private readonly pauses = new Map<string, Pause>();

  /** Nothing for this tenant before `untilMs`. */
  hold(tenant: string, untilMs: number): void {
    this.holds.set(tenant, Math.max(untilMs, this.holds.get(tenant) ?? 0));
  }

  /** @returns true when this is news: it was not paused for this reason before. */
  pause(tenant: string, code: PauseCode, fingerprint: string, nowMs: number): boolean {
    const earlier = this.pauses.get(tenant);
    const known = earlier?.code === code && earlier.fingerprint === fingerprint;
    const waitMs = known ? Math.min(earlier.waitMs * 2, LONGEST_RECHECK_MS) : FIRST_RECHECK_MS;
    this.pauses.set(tenant, { code, fingerprint, recheckAtMs: nowMs + waitMs, waitMs });
    return !known;
  }

  /** Forgets pause and hold. @returns true when it was paused. */
  resume(tenant: string): boolean {
    this.holds.delete(tenant);
    return this.pauses.delete(tenant);
  }

  isResting(tenant: string, nowMs: number): boolean {
    const untilMs = Math.max(this.holds.get(tenant) ?? 0, this.pauses.get(tenant)?.recheckAtMs ?? 0);
    if (untilMs > nowMs) return true;
    this.holds.delete(tenant);
    return false;
  }
}
