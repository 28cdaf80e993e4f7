import type { TenantPause, TenantRest } from '../queue/tenant-rest.js';

/** Why nothing is done for a tenant at the moment, although its events are kept. */
export type PauseCode =
  | 'settings_invalid'
  | 'core_not_connected'
  | 'core_unauthorized'
  | 'target_unauthorized'
  | 'target_gone'
  | 'unknown_key';

/** First and longest wait before a paused tenant is tried again by itself. */
const FIRST_RECHECK_MS = 60_000;
const LONGEST_RECHECK_MS = 900_000;
/** Whatever a target says, it is not asked again sooner. */
const SHORTEST_HOLD_MS = 1_000;
/** A target that does not answer rests twice as long with each failure, up to this. */
const LONGEST_BREAK_MS = 60_000;
/** Replicas may know several versions of a tenant for a while; each of them is found out about once. */
const VERSIONS_KEPT = 8;

/*
 * How a tenant's rest changes with what was found out. A *hold* is short and quiet: the target is throttling, or does
 * not answer (the breaker). A *pause* is something that must be changed: it is reported once, ends with the change, and
 * is tried again now and then all the same, because an account may be enabled at the target without any change here.
 */

type Rest = TenantRest | undefined;

/** Nothing for this tenant before `untilMs`. */
export function held(rest: Rest, untilMs: number, nowMs: number): TenantRest {
  const notBeforeMs = Math.max(untilMs, nowMs + SHORTEST_HOLD_MS);
  return { failures: 0, ...rest, holdUntilMs: Math.max(notBeforeMs, rest?.holdUntilMs ?? 0) };
}

/** The tenant's target (or Core) did not answer: it rests, longer each time. */
export function broken(rest: Rest, nowMs: number): TenantRest {
  const failures = rest?.failures ?? 0;
  // Several roots that were in hand together find the same out; only the first one counts.
  if (rest !== undefined && failures > 0 && rest.holdUntilMs > nowMs) return rest;
  const untilMs = nowMs + Math.min(SHORTEST_HOLD_MS * 2 ** failures, LONGEST_BREAK_MS);
  return { ...held(rest, untilMs, nowMs), failures: failures + 1 };
}

/** @param version of the tenant's key and state that the work was done with */
export function paused(rest: Rest, code: PauseCode, version: string, nowMs: number): TenantRest {
  return { holdUntilMs: 0, failures: 0, ...rest, pause: nextPause(rest?.pause, code, version, nowMs) };
}

function nextPause(earlier: TenantPause | undefined, code: PauseCode, version: string, nowMs: number): TenantPause {
  const isSameReason = earlier?.code === code;
  const versions = isSameReason ? [...earlier.versions.filter((one) => one !== version), version] : [version];
  const pause = { code, versions: versions.slice(-VERSIONS_KEPT) };
  if (!isSameReason || !earlier.versions.includes(version)) {
    return { ...pause, recheckAtMs: nowMs + FIRST_RECHECK_MS, waitMs: FIRST_RECHECK_MS };
  }
  // Several roots that were in hand together find the same out; only the first one counts.
  if (earlier.recheckAtMs > nowMs) return earlier;
  const waitMs = Math.min(earlier.waitMs * 2, LONGEST_RECHECK_MS);
  return { ...pause, recheckAtMs: nowMs + waitMs, waitMs };
}

/** Whether this pause is news to somebody who has read the log so far. */
export function isNewPause(rest: Rest, code: PauseCode, version: string): boolean {
  return rest?.pause?.code !== code || !rest.pause.versions.includes(version);
}

/** The target has answered: neither pause nor breaker is left. A hold stays. */
export function working(rest: Rest, nowMs: number): Rest {
  return rest !== undefined && rest.holdUntilMs > nowMs ? { holdUntilMs: rest.holdUntilMs, failures: 0 } : undefined;
}

/**
 * Core and the settings are all right, and nothing had to be sent: what the target has to do with stays, and so does the
 * breaker, because it may have been the target that was silent.
 */
export function coreWorking(rest: Rest, nowMs: number): Rest {
  const code = rest?.pause?.code;
  if (rest === undefined || code === 'target_unauthorized' || code === 'target_gone') return rest;
  const { holdUntilMs, failures } = rest;
  return failures > 0 ? { holdUntilMs, failures } : working(rest, nowMs);
}
