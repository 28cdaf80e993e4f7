import { objectOf, textOf, tryParseJson, type JsonObject } from '../http/json.ts';
import type { StoryEvent } from '../story/story-events.ts';

const DEFAULT_PAGE_SIZE = 100;

/** Where a reader stands and what it asked for with its first call; the token carries it, so it is valid for ever. */
interface Cursor {
  readonly next: number;
  readonly eventType: string;
  readonly endMs: number;
}

/**
 * One page of the event stream: the first call names `startTimestamp` (and filters), every later one only `pagingToken`.
 * Without `attributed` the events carry no user name, as in Core.
 */
export function eventPage(
  happened: readonly StoryEvent[],
  query: URLSearchParams,
  attributed: boolean,
): JsonObject | undefined {
  const cursor = query.has('pagingToken') ? decode(query.get('pagingToken') ?? '') : firstCursor(happened, query);
  if (cursor === undefined) return undefined;
  const pageSize = Number(query.get('pageSize') ?? DEFAULT_PAGE_SIZE);
  const seen = happened.slice(cursor.next, cursor.next + pageSize);
  const wanted = seen.filter(
    (event) => event.atMs <= cursor.endMs && (cursor.eventType === '' || event.type === cursor.eventType),
  );
  return {
    events: wanted.map((event) => (attributed ? event.body : anonymous(event.body))),
    pagingToken: encode({ ...cursor, next: cursor.next + seen.length }),
  };
}

function firstCursor(happened: readonly StoryEvent[], query: URLSearchParams): Cursor | undefined {
  const startMs = Number(query.get('startTimestamp'));
  if (!query.has('startTimestamp') || !Number.isFinite(startMs)) return undefined;
  const first = happened.findIndex((event) => event.atMs >= startMs);
  return {
    next: first === -1 ? happened.length : first,
    eventType: query.get('eventType') ?? '',
    endMs: Number(query.get('endTimestamp') ?? Number.MAX_SAFE_INTEGER),
  };
}

function anonymous(body: JsonObject): JsonObject {
  const { username: _attributed, ...rest } = body;
  return rest;
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decode(token: string): Cursor | undefined {
  const cursor = objectOf(tryParseJson(Buffer.from(token, 'base64url').toString('utf8')));
  const next = Number(cursor.next);
  if (!Number.isInteger(next)) return undefined;
  return { next, eventType: textOf(cursor.eventType), endMs: Number(cursor.endMs) };
}
