import type { StoredEvent } from './store-under-test.ts';
import { type FieldHistory, wentBack } from './write-history.ts';

/** What a run left behind: all that the verdict goes by. */
export interface Evidence {
  /** The ids of the events that were answered 200. */
  readonly accepted: ReadonlySet<string>;
  /** The ids of the events that must have come in by the end, answered or by the event stream. */
  readonly told: readonly string[];
  /** What webhooks were answered, by status; 0: no answer, 502: no process to ask. */
  readonly answers: ReadonlyMap<number, number>;
  /** The store's events when everything had healed and nothing moved any more. */
  readonly stored: readonly StoredEvent[];
  /** The same after the dead letters of the outage were replayed. */
  readonly storedAfterReplay: readonly StoredEvent[];
  /** In what the target differs from what the story wants, in the end. */
  readonly differences: readonly string[];
  /** Keys that stood twice in the target at any time. */
  readonly doubled: readonly string[];
  readonly happened: FieldHistory;
  readonly undisturbed: FieldHistory;
  /** Records of which an older state reached the target after a newer one, and was refused by its revision. */
  readonly olderRefused: readonly string[];
  /** Lines of the app's log that tell of a bug. */
  readonly crashes: readonly string[];
}

/** Which promise was broken. */
export const BROKEN_PROMISES = [
  'lost',
  'missed',
  'duplicated',
  'older write',
  'wrong record',
  'stuck',
  'wrong answer',
  'crash',
] as const;
export type BrokenPromise = (typeof BROKEN_PROMISES)[number];

/** Something that must not be. */
export interface Finding {
  readonly promise: BrokenPromise;
  readonly sentence: string;
}

const ENDS = new Set(['delivered', 'skipped', 'dead', 'waiting']);
/** Accepted, refused for want of room, no process there, no answer in time. */
const LEGAL_ANSWERS = new Set([200, 503, 502, 0]);

/** Everything that must not be; nothing, if all promises were kept. */
export function findingsOf(evidence: Evidence): readonly Finding[] {
  const { accepted, told, stored, storedAfterReplay } = evidence;
  const known = new Map([...stored, ...storedAfterReplay].map((event) => [event.id, event]));
  const twice = storedAfterReplay.filter(
    ({ id }, index) => storedAfterReplay.findIndex((one) => one.id === id) < index,
  );
  return [
    ...[...accepted]
      .filter((id) => !known.has(id))
      .map((id) => found('lost', `The event ${id} was answered 200 and is nowhere.`)),
    ...told
      .filter((id) => !accepted.has(id) && !known.has(id))
      .map((id) =>
        found('missed', `The event ${id} was never accepted, and was not found on the event stream either.`),
      ),
    ...[...known.values()]
      .filter(({ state }) => !ENDS.has(state))
      .map(({ id, state }) => found('lost', `The event ${id} ended as "${state}", which is no end.`)),
    ...storedAfterReplay
      .filter(({ state }) => state === 'waiting')
      .map(({ id, code }) => found('stuck', `The event ${id} still waits (${code}) although everything is well.`)),
    ...storedAfterReplay
      .filter(({ state }) => state === 'dead')
      .map(({ id, code }) => found('stuck', `The event ${id} is dead (${code}) also after it was replayed.`)),
    ...twice.map(({ id }) => found('duplicated', `The event ${id} is stored twice.`)),
    ...evidence.doubled.map((key) => found('duplicated', `The record ${key} stood twice in the target.`)),
    ...wentBack(evidence.happened, evidence.undisturbed).map((field) =>
      found('older write', `An older value was written over a newer one: ${field}.`),
    ),
    ...evidence.olderRefused.map((record) =>
      found('older write', `The target had to refuse a write of an older state: ${record}.`),
    ),
    ...evidence.differences.map((sentence) => found('wrong record', sentence)),
    ...[...evidence.answers]
      .filter(([status]) => !LEGAL_ANSWERS.has(status))
      .map(([status, times]) => found('wrong answer', `Webhooks were answered ${status} (${times} times).`)),
    ...evidence.crashes.map((line) => found('crash', line)),
  ];
}

function found(promise: BrokenPromise, sentence: string): Finding {
  return { promise, sentence };
}
