import type { ClaimReads } from '../core/claim-reads.js';
import { mappedValues, type MappingProblem } from '../core/resolve-mapping.js';
import { readSnapshot, type SnapshotFailure } from '../core/read-snapshot.js';
import type { Snapshot } from '../core/snapshot.js';
import { isEventName, type SocotraEvent } from '../events/socotra-events.js';
import type { QueuedEvent, RecordPlace } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { RecordKey } from '../records/record-key.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { nextChangeMs } from '../translators/policy/policy-next-change.js';
import { timePassed } from '../translators/time-passed.js';
import type { LevelInput, Translation, Translator } from '../translators/translator.js';
import { TRANSLATORS } from '../translators/translators.js';
import { withCustomFields } from './custom-fields.js';
import { placesIn, policyOfRoot } from './policy-roots.js';

/** What one event of a claim asks for. */
export type EventWork =
  | {
      readonly kind: 'records';
      readonly event: QueuedEvent;
      readonly records: readonly CanonicalRecord[];
      readonly about: RecordKey;
      /** Where records were seen to belong, sent or not. */
      readonly places: readonly RecordPlace[];
      /** When these records change although no event comes: milliseconds since the epoch; undefined: not that we know. */
      readonly changesAtMs: number | undefined;
      readonly mappingProblems: readonly MappingProblem[];
    }
  | { readonly kind: 'skip'; readonly event: QueuedEvent; readonly code: string }
  | { readonly kind: 'dead'; readonly event: QueuedEvent; readonly code: string; readonly cause?: unknown }
  | { readonly kind: 'retry'; readonly event: QueuedEvent; readonly code: string; readonly retryAfterMs?: number }
  /** Core as a whole wants rest or does not answer: nothing more is asked of it for this claim. */
  | {
      readonly kind: 'core_unavailable';
      readonly event: QueuedEvent;
      readonly code: string;
      readonly retryAfterMs?: number;
      /** What this very event needs may be too large or too slow: then it counts as a try. */
      readonly mayBeThisOne?: true;
    }
  /** Core refuses the token; no event of this tenant can be worked on. */
  | { readonly kind: 'unauthorized'; readonly event: QueuedEvent };

export interface TranslationContext {
  readonly reads: ClaimReads;
  readonly state: TenantState;
  readonly settings: TenantSettings;
  readonly nowMs: number;
}

/**
 * What is missing soon after an event is likely Core's read-after-write delay (a 404, a policy that does not show its
 * change yet), or was overtaken (a payment its bill): it is looked for this many times again before it counts as missing.
 */
const TRIES_WHILE_NOT_FOUND = 2;

/** The name under which a sync that no event asked for appears in the log and at targets. */
export const TIME_PASSED = 'time.passed';
/** No row of the queue has it. */
const NO_SEQUENCE = -1;
const TIME_NEEDS = ['policy', 'policyholder', 'gracePeriods'] as const;

/**
 * Reads what one event needs from Core and translates it. Never rejects: a translator that throws costs its own event.
 *
 * @param root under which the event stands: the policy of one that names none and was moved there
 */
export async function translateEvent(
  event: QueuedEvent,
  root: string,
  context: TranslationContext,
): Promise<EventWork> {
  const socotraEvent = readPayload(event);
  if (socotraEvent === undefined) return { kind: 'dead', event, code: 'event_unreadable' };
  const translator: Translator = TRANSLATORS[socotraEvent.type];
  const policyLocator = policyOfRoot(root);
  const locators = { ...(policyLocator !== undefined && { policyLocator }), ...socotraEvent.locators };
  return translateSnapshot(event, locators, translator, context, (level) =>
    translator.translate({ ...level, event: socotraEvent }),
  );
}

/** The sync of a root that no event asked for: what it shows changes at this time. */
export function translateTime(root: string, context: TranslationContext): Promise<EventWork> {
  const event = timeEvent(root, context.nowMs);
  const policyLocator = policyOfRoot(root);
  const locators = { ...(policyLocator !== undefined && { policyLocator }) };
  return translateSnapshot(event, locators, { needs: TIME_NEEDS, mayBeGone: true }, context, timePassed);
}

/** Stands for the passing of time where an event is expected; it has no row in the queue. */
function timeEvent(root: string, nowMs: number): QueuedEvent {
  const id = `time-${root.replace(':', '-')}-${nowMs}`;
  return {
    sequence: NO_SEQUENCE,
    id,
    type: TIME_PASSED,
    occurredAtMs: nowMs,
    receivedAtMs: nowMs,
    payload: '',
    tries: 0,
    retryAtMs: 0,
  };
}

async function translateSnapshot(
  event: QueuedEvent,
  locators: SocotraEvent['locators'],
  { needs, mayBeGone }: Pick<Translator, 'needs' | 'mayBeGone'>,
  context: TranslationContext,
  translate: (level: LevelInput) => Translation,
): Promise<EventWork> {
  const { state, settings, nowMs } = context;
  const reading = await readSnapshot(context.reads, locators, needs, nowMs);
  if (reading.kind !== 'snapshot') return failedRead(event, reading);
  const { snapshot, missing } = reading;
  const isEarly = event.tries < TRIES_WHILE_NOT_FOUND;
  if (snapshot.notFound.size > 0 && !mayBeGone && isEarly) return { kind: 'retry', event, code: 'not_found_yet' };
  // Without its policy a payment, say, would stand in the target alone, and nobody would join the two later.
  const rootMember = needs.includes('policy') ? 'policy' : 'policyholder';
  if (missing.includes(rootMember) && leadsNowhere(locators, snapshot)) return unresolved(event);
  try {
    const { values, problems } = mappedValues(state.mappings, snapshot);
    const translation = translate({
      snapshot,
      mapped: values,
      environment: settings.environment,
      timeZone: state.timeZone,
    });
    if (translation.outcome === 'skip') return { kind: 'skip', event, code: translation.reason };
    if (translation.awaits && isEarly) return { kind: 'retry', event, code: `${translation.awaits}_not_visible_yet` };
    const { policy, gracePeriods = [] } = snapshot;
    return {
      kind: 'records',
      event,
      records: withCustomFields(translation.records, values, settings.customTargets),
      about: translation.about,
      places: placesIn(snapshot, settings.environment),
      changesAtMs: policy && nextChangeMs(policy, gracePeriods, nowMs),
      mappingProblems: problems,
    };
  } catch (cause) {
    // A bug in one translator: this event becomes a dead letter that can be replayed, the others go on.
    return { kind: 'dead', event, code: 'translator_failed', cause };
  }
}

/** The event names something, and nothing of it leads further, although Core denies nothing. */
function leadsNowhere(locators: SocotraEvent['locators'], { notFound }: Snapshot): boolean {
  return Object.keys(locators).length > 0 && notFound.size === 0;
}

/**
 * Such an event is real. It may have come before its bill or claim was ever seen under a policy; if that does not help,
 * it is kept where it can be seen.
 */
function unresolved(event: QueuedEvent): EventWork {
  return event.tries < TRIES_WHILE_NOT_FOUND
    ? { kind: 'retry', event, code: 'policy_unknown_yet' }
    : { kind: 'dead', event, code: 'policy_unresolvable' };
}

function failedRead(event: QueuedEvent, failure: SnapshotFailure): EventWork {
  switch (failure.kind) {
    case 'retry':
      return { ...failure, event };
    case 'unavailable':
      return { ...failure, kind: 'core_unavailable', event };
    case 'unauthorized':
      return { kind: 'unauthorized', event };
    case 'forbidden':
      return { kind: 'dead', event, code: `core_forbids_${failure.member}` };
    case 'malformed':
      return { kind: 'dead', event, code: `core_answer_unreadable_${failure.member}` };
  }
}

/** The queue gives back what the accept path wrote; a newer or older release may have written something else. */
export function readPayload(event: QueuedEvent): SocotraEvent | undefined {
  try {
    const payload: unknown = JSON.parse(event.payload);
    return isSocotraEvent(payload) ? payload : undefined;
  } catch {
    // Unreadable text is the same to the caller as a payload of another shape: a dead letter.
    return undefined;
  }
}

function isSocotraEvent(payload: unknown): payload is SocotraEvent {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'id' in payload &&
    'type' in payload &&
    typeof payload.type === 'string' &&
    isEventName(payload.type) &&
    'occurredAtMs' in payload &&
    typeof payload.occurredAtMs === 'number' &&
    'locators' in payload &&
    typeof payload.locators === 'object' &&
    payload.locators !== null
  );
}
