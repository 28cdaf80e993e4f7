import { isObject, textOf, type JsonObject, type JsonValue } from '../http/json.ts';
import type { StoryEvent } from './story-events.ts';

const PAST_INSTANTS = new Set([
  'createdTimestamp',
  'updatedTimestamp',
  'issuedTimestamp',
  'replacedTimestamp',
  'postedTimestamp',
  'reversedTimestamp',
  'timestamp',
]);

/**
 * The policy as Core shows it at an instant (ms), or nothing before it was created.
 *
 * @param snapshots the policy after each of its transactions, oldest first; each counts from its own `updatedTimestamp`,
 *   the first one, still a quote, from its creation
 */
export function policyAt(
  snapshots: readonly JsonObject[],
  invoices: readonly JsonObject[],
  quotes: readonly JsonObject[],
  events: readonly StoryEvent[],
  atMs: number,
): JsonObject | undefined {
  const current = snapshots.findLast((snapshot, index) => {
    const from = index === 0 ? snapshot.createdTimestamp : snapshot.updatedTimestamp;
    return Number(from) <= atMs;
  });
  if (current === undefined) return undefined;
  const past = withoutFuture(
    { ...current, invoices, quoteSummary: { selected: selectedQuote(quotes), notDiscarded: quotes.map(quoteLine) } },
    atMs,
  );
  const updated = Math.max(...instantsIn(past), ...policyEvents(current, events, atMs));
  return { ...past, updatedTimestamp: String(updated) };
}

function selectedQuote(quotes: readonly JsonObject[]): string {
  return textOf(quotes.find((quote) => quote.selected === true)?.locator);
}

function quoteLine(quote: JsonObject): JsonObject {
  return { locator: textOf(quote.locator), name: textOf(quote.name), state: textOf(quote.state) };
}

/** Events that name nothing but the policy changed the policy itself. */
function policyEvents(policy: JsonObject, events: readonly StoryEvent[], atMs: number): readonly number[] {
  return events
    .filter((event) => event.atMs <= atMs && event.data.policyLocator === policy.locator)
    .filter((event) => Object.keys(event.data).length === 1)
    .map((event) => event.atMs);
}

/** An `updatedTimestamp` of the future goes back to the creation: the change has not happened yet. */
function withoutFuture(object: JsonObject, atMs: number): JsonObject {
  const entries = Object.entries(object).map(([name, value]): [string, JsonValue] => {
    if (name === 'updatedTimestamp' && Number(value) > atMs) return [name, object.createdTimestamp ?? value];
    if (isObject(value)) return [name, withoutFuture(value, atMs)];
    if (!Array.isArray(value)) return [name, value];
    return [name, value.map((member: JsonValue) => (isObject(member) ? withoutFuture(member, atMs) : member))];
  });
  return Object.fromEntries(entries);
}

function instantsIn(value: JsonValue, name = ''): readonly number[] {
  if (PAST_INSTANTS.has(name)) return [Number(value)];
  if (Array.isArray(value)) return value.flatMap((member: JsonValue) => instantsIn(member));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([member, memberValue]) => instantsIn(memberValue, member));
}
