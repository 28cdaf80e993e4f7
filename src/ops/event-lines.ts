import type { EventTrace } from '../queue/operator/traces.js';
import { reasonFor, type ReasonPlace } from './reasons.js';
import { ago, instant, plain, type Screen } from './screen.js';
import { type Column, table } from './table.js';

/** What became of an event, in a word or two. */
export function outcomeOf({ state, tries }: EventTrace): string {
  if (state === 'waiting') return tries > 0 ? `waiting, ${tries} ${tries === 1 ? 'try' : 'tries'} failed` : 'waiting';
  return state;
}

/** A code in words. */
export function inWords(where: ReasonPlace, code: string): string {
  const reason = reasonFor(where, code);
  if (reason === undefined) return "A code of the target's own: see its page in docs/connectors.";
  return reason.remedy === undefined ? reason.meaning : `${reason.meaning} ${reason.remedy}`;
}

export function placeOf({ state }: EventTrace): ReasonPlace {
  return state === 'skipped' ? 'skipped' : state === 'waiting' ? 'retry' : 'dead';
}

/** The codes of these events, once each, in words. */
export function reasonLines(events: readonly EventTrace[], screen: Screen): string[] {
  const reasons = new Map(
    events.flatMap((event) => (event.code === undefined ? [] : [[event.code, inWords(placeOf(event), event.code)]])),
  );
  const columns: readonly Column<readonly [string, string]>[] = [
    { title: 'reason', of: ([code]) => plain(code) },
    { title: 'in words', of: ([, words]) => words, flexible: true },
  ];
  return reasons.size === 0 ? [] : ['', ...table([...reasons], columns, screen)];
}

/** What a program is told of an event: never more than a person. */
export function eventJson(event: EventTrace): object {
  const { sequence, tenant, id, type, root, state, code, tries, occurredAtMs, receivedAtMs, retryAtMs, endedAtMs } =
    event;
  return {
    number: sequence,
    tenant,
    eventId: plain(id),
    eventType: plain(type),
    root: plain(root),
    state,
    tries,
    ...(code !== undefined && { code: plain(code), reason: inWords(placeOf(event), code) }),
    occurredAt: instant(occurredAtMs),
    receivedAt: instant(receivedAtMs),
    ...(retryAtMs !== undefined && { retryAt: instant(retryAtMs) }),
    ...(endedAtMs !== undefined && { endedAt: instant(endedAtMs) }),
    replayable: state !== 'waiting' && !event.forgotten,
  };
}

export function lastSeen(event: EventTrace, nowMs: number): string {
  return ago(event.endedAtMs ?? event.receivedAtMs, nowMs);
}
