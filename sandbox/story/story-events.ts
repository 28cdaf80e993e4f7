import { readdirSync, readFileSync } from 'node:fs';
import { objectOf, objectsOf, parseJson, textOf, type JsonObject, type JsonValue } from '../http/json.ts';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);

/** One event of the story, as Core puts it on the stream and into the webhook's body. */
export interface StoryEvent {
  readonly id: string;
  readonly type: string;
  readonly transactionId: string;
  /** When it happens: milliseconds since the epoch. */
  readonly atMs: number;
  /** The locators it names, by their names in `data`. */
  readonly data: JsonObject;
  /** The body that Core sends. */
  readonly body: JsonObject;
}

/** Reads a fixture below `test/fixtures/`, for example `core/policy.issued.json`. */
export function readFixture(path: string): JsonObject {
  return objectOf(readJson(path));
}

/** Reads a fixture that holds a list. */
export function readFixtureList(path: string): readonly JsonObject[] {
  return objectsOf(readJson(path));
}

/** All events of the story in the order in which they happen; ties keep the order of their names. */
export function readStoryEvents(): readonly StoryEvent[] {
  const files = readdirSync(new URL('events/', FIXTURES)).filter((file) => file.endsWith('.json'));
  return files
    .toSorted()
    .map((file) => storyEvent(readFixture(`events/${file}`)))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** The event of this type; the story has each type once. */
export function storyEventOf(events: readonly StoryEvent[], type: string): StoryEvent {
  const found = events.find((event) => event.type === type);
  if (found === undefined) throw new Error(`the story has no event ${type}`);
  return found;
}

/** Neighbours that share a transaction are one step of the story: Core rings them together. */
export function inSteps(events: readonly StoryEvent[]): readonly (readonly StoryEvent[])[] {
  const steps: StoryEvent[][] = [];
  for (const event of events) {
    const last = steps.at(-1);
    if (last?.[0]?.transactionId === event.transactionId) last.push(event);
    else steps.push([event]);
  }
  return steps;
}

function storyEvent(body: JsonObject): StoryEvent {
  return {
    id: textOf(body.id),
    type: textOf(body.type),
    transactionId: textOf(body.transactionId),
    atMs: Number(body.timestamp),
    data: objectOf(body.data),
    body,
  };
}

function readJson(path: string): JsonValue {
  return parseJson(readFileSync(new URL(path, FIXTURES), 'utf8'));
}
