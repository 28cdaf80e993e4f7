import type { ClaimReads } from '../core/claim-reads.js';
import { mappedValues, type MappingProblem } from '../core/resolve-mapping.js';
import { readSnapshot, type SnapshotFailure } from '../core/read-snapshot.js';
import { isEventName, type SocotraEvent } from '../events/socotra-events.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { RecordKey } from '../records/record-key.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import type { Translator } from '../translators/translator.js';
import { TRANSLATORS } from '../translators/translators.js';
import { withCustomFields } from './custom-fields.js';

/** What one event of a claim asks for. */
export type EventWork =
  | {
      readonly kind: 'records';
      readonly event: QueuedEvent;
      readonly records: readonly CanonicalRecord[];
      readonly about: RecordKey;
      readonly mappingProblems: readonly MappingProblem[];
    }
  | { readonly kind: 'skip'; readonly event: QueuedEvent; readonly code: string }
  | { readonly kind: 'dead'; readonly event: QueuedEvent; readonly code: string; readonly cause?: unknown }
  | { readonly kind: 'retry'; readonly event: QueuedEvent; readonly code: string; readonly retryAfterMs?: number }
  /** Core refuses the token; no event of this tenant can be worked on. */
  | { readonly kind: 'unauthorized'; readonly event: QueuedEvent };

export interface TranslationContext {
  readonly reads: ClaimReads;
  readonly state: TenantState;
  readonly settings: TenantSettings;
  readonly nowMs: number;
}

/**
 * A 404 soon after an event is likely Core's read-after-write delay: it is asked for this many times again before the
 * record counts as not there.
 */
const TRIES_WHILE_NOT_FOUND = 2;

/** Reads what one event needs from Core and translates it. Never rejects: a translator that throws costs its own event. */
export async function translateEvent(event: QueuedEvent, context: TranslationContext): Promise<EventWork> {
  const socotraEvent = readPayload(event);
  if (socotraEvent === undefined) return { kind: 'dead', event, code: 'event_unreadable' };
  const translator: Translator = TRANSLATORS[socotraEvent.type];
  const reading = await readSnapshot(context.reads, socotraEvent.locators, translator.needs, context.nowMs);
  if (reading.kind !== 'snapshot') return failedRead(event, reading);
  const { snapshot } = reading;
  if (snapshot.notFound.size > 0 && !translator.mayBeGone && event.tries < TRIES_WHILE_NOT_FOUND) {
    return { kind: 'retry', event, code: 'not_found_yet' };
  }
  const { values, problems } = mappedValues(context.state.mappings, snapshot);
  try {
    const translation = translator.translate({
      event: socotraEvent,
      snapshot,
      mapped: values,
      environment: context.settings.environment,
      timeZone: context.state.timeZone,
    });
    if (translation.outcome === 'skip') return { kind: 'skip', event, code: translation.reason };
    const records = withCustomFields(translation.records, values, context.settings.customTargets);
    return { kind: 'records', event, records, about: translation.about, mappingProblems: problems };
  } catch (cause) {
    // A bug in one translator: this event becomes a dead letter that can be replayed, the others go on.
    return { kind: 'dead', event, code: 'translator_failed', cause };
  }
}

function failedRead(event: QueuedEvent, failure: SnapshotFailure): EventWork {
  switch (failure.kind) {
    case 'retry': {
      const { code, retryAfterMs } = failure;
      return { kind: 'retry', event, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    case 'unauthorized':
      return { kind: 'unauthorized', event };
    case 'forbidden':
      return { kind: 'dead', event, code: `core_forbids_${failure.member}` };
    case 'malformed':
      return { kind: 'dead', event, code: `core_answer_unreadable_${failure.member}` };
  }
}

/** The queue gives back what the accept path wrote; a newer or older release may have written something else. */
function readPayload(event: QueuedEvent): SocotraEvent | undefined {
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
