import type { LogFields } from '../log/log-events.js';
import type { OverdueTenant } from '../queue/queue.js';
import { PAUSED_BY_OPERATOR } from '../queue/tenant-rest.js';
import type { Tenants } from '../state/tenants.js';

/**
 * Why late work of a tenant is not done. `due`: nothing is in its way, so it is in hand, or others are before it, or
 * nobody works. `retrying`: a try has failed, the next is to come. `resting`: its target or Core asked for rest or does not answer. `paused`: a human must change something.
 * `stopped`: the customer stopped it, and what was left waits for a Start. `not_called`: since the process began nobody
 * has called for the tenant, so its key is not known; whether it was stopped before is not known either.
 */
export type LateState = 'due' | 'retrying' | 'resting' | 'paused' | 'stopped' | 'not_called';

/** Their work waits because somebody decided so: no measure of ours, and nothing to wake anybody for. */
const DECIDED: ReadonlySet<LateState> = new Set(['paused', 'stopped']);
/** Nobody tries to do their work in this process. */
const NOT_TRIED: ReadonlySet<LateState> = new Set([...DECIDED, 'not_called']);

export interface LateTenant {
  readonly tenant: string;
  readonly pastDueMs: number;
  readonly state: LateState;
  /** Of the pause, or of the last try that failed. */
  readonly code?: string;
}

/** Lines about single tenants in one pulse, of each group; `late` and `paused` in the pulse's own line count all. */
const MOST_LINES = 10;

export function lateTenant(
  { tenant, dueAtMs, rest }: OverdueTenant,
  tenants: Pick<Tenants, 'versionOf' | 'isStopped'>,
  nowMs: number,
): LateTenant {
  const late = { tenant, pastDueMs: nowMs - dueAtMs };
  // Before any pause: what would end that one does nothing for a tenant that was stopped.
  if (tenants.isStopped(tenant)) return { ...late, state: 'stopped' };
  const version = tenants.versionOf(tenant);
  if (rest?.holdUntilMs === Infinity) return { ...late, state: 'paused', code: PAUSED_BY_OPERATOR };
  const { pause } = rest ?? {};
  // What is paused with other settings than the newest is tried with these at once.
  if (pause && (version === '' || pause.versions.includes(version))) {
    return { ...late, state: 'paused', code: pause.code };
  }
  if (version === '') return { ...late, state: 'not_called' };
  const isResting = rest !== undefined && (rest.holdUntilMs > nowMs || rest.failures > 0);
  return { ...late, state: isResting ? 'resting' : 'due' };
}

/**
 * The same with what is known of tries: the queue counts from the next try, a human from the first. What is paused,
 * stopped or unknown here is not tried, so nothing else counts for it.
 */
export function withTries(late: LateTenant, pastDueMs: number, code: string): LateTenant {
  if (NOT_TRIED.has(late.state)) return late;
  const state = late.state === 'due' ? 'retrying' : late.state;
  return { ...late, state, code, pastDueMs: Math.max(late.pastDueMs, pastDueMs) };
}

/**
 * What the pulse says of all late tenants together. A pause and a Stop are somebody's decision: they count apart, and
 * their age is no measure of ours.
 */
export function summaryOf(late: readonly LateTenant[]): Required<Pick<LogFields, 'late' | 'paused' | 'pastDueMs'>> {
  const waiting = late.filter(({ state }) => !DECIDED.has(state));
  return {
    late: waiting.length,
    paused: late.length - waiting.length,
    pastDueMs: Math.max(0, ...waiting.map(({ pastDueMs }) => pastDueMs)),
  };
}

/**
 * Those that get a line of their own, the longest overdue of each group. Tenants that nobody calls for (they may have
 * uninstalled the app) and those that somebody has paused or stopped grow ever later, and must not hide the others.
 */
export function mostOverdue(late: readonly LateTenant[]): readonly LateTenant[] {
  const groups = Map.groupBy(late, ({ state }) =>
    state === 'not_called' ? 'unknown' : DECIDED.has(state) ? 'decided' : 'worked on',
  );
  const shown = [groups.get('worked on'), groups.get('unknown'), groups.get('decided')];
  return shown.flatMap((some = []) => some.toSorted((a, b) => b.pastDueMs - a.pastDueMs).slice(0, MOST_LINES));
}
