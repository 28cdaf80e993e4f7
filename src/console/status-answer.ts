import type { EventTrace } from '../queue/operator/traces.js';
import type { Count, TenantBacklog } from '../queue/operator/tenant-queue.js';
import type { TenantRest } from '../queue/tenant-rest.js';
import type { TenantState } from '../state/tenant-state.js';
import { eventJson, outcomeOf, placeOf } from '../ops/event-lines.js';
import { amount, duration } from '../ops/screen.js';
import { customerWords } from './customer-words.js';

export interface StatusFacts {
  readonly state: Pick<TenantState, 'settings' | 'core'>;
  /** Whether the app works for this tenant, which ends with Stop. */
  readonly isStarted: boolean;
  readonly backlog: TenantBacklog;
  readonly rest: TenantRest | undefined;
  readonly newest: readonly EventTrace[];
  readonly dead: readonly EventTrace[];
  readonly nowMs: number;
}

/** `good`: in step or on the way there. `busy`: waits, and goes on by itself. `bad`: somebody must act. */
export type Tone = 'good' | 'busy' | 'bad';

interface Sentence {
  readonly tone: Tone;
  readonly headline: string;
  readonly details: readonly string[];
}

const PURGED = "The operator has given this event up for good; what it was about comes with its policy's next event.";

/** All that the console shows before anybody asks for a policy. */
export function statusAnswer(facts: StatusFacts): object {
  const { state, backlog, newest, dead } = facts;
  return {
    ...sentenceOn(facts),
    ...(state.settings.ok && {
      target: state.settings.settings.connector.label,
      profile: state.settings.settings.profile,
      environment: state.settings.settings.environment,
    }),
    waiting: inFigures(backlog.waiting),
    dead: inFigures(backlog.dead),
    lag: lagOf(newest),
    events: newest.map(eventAnswer),
    deadLetters: dead.map(eventAnswer),
  };
}

/** An event as an operator sees it, but in words for the customer, and with its outcome in a word or two. */
export function eventAnswer(event: EventTrace): object {
  const reason = reasonOf(event);
  return { ...eventJson(event), ...(reason !== undefined && { reason }), outcome: outcomeOf(event) };
}

function reasonOf(event: EventTrace): string | undefined {
  if (event.state === 'purged') return PURGED;
  return event.code === undefined ? undefined : customerWords(placeOf(event), event.code);
}

function sentenceOn({ state, isStarted, backlog, rest, nowMs }: StatusFacts): Sentence {
  const { waiting, pauses, firstDueAtMs } = backlog;
  const kept = waiting.count === 0 ? [] : [`${eventsIn(waiting)} kept, and nothing is lost.`];
  if (!state.settings.ok) {
    return { tone: 'bad', headline: 'The settings cannot be used.', details: [...state.settings.problems, ...kept] };
  }
  if (state.core === undefined) {
    const details = ['Connect the tenant again in the Marketplace.', ...kept];
    return { tone: 'bad', headline: 'The Marketplace gave no address or token of Socotra Core.', details };
  }
  if (!isStarted) {
    const details = ['It goes on when the Marketplace starts the app again.', ...kept];
    return { tone: 'bad', headline: 'The app was stopped for this tenant.', details };
  }
  if (pauses.length > 0) {
    const reasons = pauses.map(({ code }) => customerWords('paused', code));
    return { tone: 'bad', headline: 'Paused: somebody must act.', details: [...reasons, ...kept] };
  }
  const restsForMs = Math.max(rest?.holdUntilMs ?? 0, 0) - nowMs;
  if (restsForMs > 0 && waiting.count > 0) {
    const details = [`The next try is in ${duration(restsForMs)}.`, ...kept];
    return { tone: 'busy', headline: 'Socotra or the target asked for rest, or does not answer.', details };
  }
  const givenUp = backlog.dead.count > 0 ? [`Given up: ${inFigures(backlog.dead)}, see the dead letters.`] : [];
  if (waiting.count === 0) {
    return givenUp.length > 0
      ? { tone: 'bad', headline: 'Nothing waits, but not all has arrived.', details: givenUp }
      : { tone: 'good', headline: 'In step: nothing waits.', details: [] };
  }
  const lateMs = nowMs - (firstDueAtMs ?? nowMs);
  const late = lateMs > 0 ? [`The first of them has been due for ${duration(lateMs)}.`] : [];
  return { tone: 'good', headline: `At work: ${eventsIn(waiting)} waiting.`, details: [...late, ...givenUp] };
}

/** `1 event is`, `more than 10,000 events are`. */
function eventsIn(count: Count): string {
  return count.count === 1 ? '1 event is' : `${inFigures(count)} events are`;
}

function inFigures({ count, isMore }: Count): string {
  return isMore ? `more than ${amount(count)}` : amount(count);
}

/** From the event's own time to its end, over the newest that were delivered. */
function lagOf(newest: readonly EventTrace[]): object | undefined {
  const lags = newest
    .flatMap(({ state, occurredAtMs, endedAtMs }) =>
      state === 'delivered' && endedAtMs !== undefined ? [Math.max(0, endedAtMs - occurredAtMs)] : [],
    )
    .toSorted((a, b) => a - b);
  const slowestMs = lags.at(-1);
  if (slowestMs === undefined) return undefined;
  const typicalMs = lags[Math.floor((lags.length - 1) / 2)] ?? slowestMs;
  return { typical: inTime(typicalMs), slowest: inTime(slowestMs), events: lags.length };
}

function inTime(ms: number): string {
  return ms < 1_000 ? 'under 1 s' : duration(ms);
}
