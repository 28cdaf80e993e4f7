import { readSnapshot } from '../../src/core/read-snapshot.js';
import {
  type EventName,
  isEventName,
  MANIFEST_EVENT_NAMES,
  type SocotraEvent,
} from '../../src/events/socotra-events.js';
import type { Translation, TranslationInput, Translator } from '../../src/translators/translator.js';
import { TRANSLATORS } from '../../src/translators/translators.js';
import { readEnvelope } from '../../src/intake/envelope.js';
import { fixture } from './fixtures.js';
import { storyReads } from './story-core.js';

/** The engine lets a record rest this long before it reads it. */
const SETTLE_MS = 5_000;

/** @param path below `test/fixtures`, for example `events/policy.issue.json` */
export function eventIn(path: string): SocotraEvent {
  const reading = readEnvelope(JSON.stringify(fixture(path)));
  if (!reading.ok || !isEventName(reading.envelope.type)) throw new Error(`${path} is no event of ours`);
  return { ...reading.envelope, type: reading.envelope.type };
}

/** The event of the story; those of the two newer names stand among the variants. */
export function storyEvent(name: EventName): SocotraEvent {
  const isNewer = !MANIFEST_EVENT_NAMES.includes(name);
  return eventIn(isNewer ? `variants/newer-core-event.${name}.json` : `events/${name}.json`);
}

/**
 * The event with what Core answers to it.
 *
 * @param readAtMs milliseconds since the epoch; without it, as soon as the engine reads
 */
export async function storyInput(event: SocotraEvent, readAtMs = event.occurredAtMs): Promise<TranslationInput> {
  const { needs }: Translator = TRANSLATORS[event.type];
  const reads = storyReads(event.type, readAtMs);
  const result = await readSnapshot(reads, event.locators, needs, readAtMs + SETTLE_MS);
  if (result.kind !== 'snapshot') throw new Error(`${event.type}: the story gives no snapshot, ${result.kind}`);
  return {
    event,
    snapshot: result.snapshot,
    mapped: {},
    environment: 'production',
    timeZone: 'America/Los_Angeles',
  };
}

export async function translated(event: SocotraEvent, readAtMs?: number): Promise<Translation> {
  const translator: Translator = TRANSLATORS[event.type];
  return translator.translate(await storyInput(event, readAtMs));
}
