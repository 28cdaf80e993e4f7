import { textOf, type JsonObject } from '../http/json.ts';
import type { StoryEvent } from './story-events.ts';

/** How the events of the story move one kind of entity through its states. */
export interface Life {
  /** The member of an event's `data` that names the entity. */
  readonly locatorName: string;
  /** Beginning of the event types that touch it. */
  readonly events: readonly string[];
  /** The member that holds the state: Core calls it `state`, for claims `currentStatus`. */
  readonly stateName: 'state' | 'currentStatus';
  /** Its state before the first event that sets one. */
  readonly initial: string;
  /** The state that an event of this type sets. */
  readonly states: Readonly<Record<string, string>>;
}

const entityLife = (
  name: string,
  initial: string,
  states: Readonly<Record<string, string>>,
  stateName: Life['stateName'] = 'state',
): Life => ({ locatorName: `${name}Locator`, events: [`${name}.`], stateName, initial, states });

export const LIVES = {
  quote: {
    ...entityLife('quote', 'draft', { 'policy.quote.quoted': 'quoted', 'policy.quote.accept': 'accepted' }),
    events: ['policy.quote.'],
  },
  /** The story begins for this one when it has a price already. */
  declinedQuote: {
    ...entityLife('quote', 'quoted', { 'policy.quote.declined': 'declined' }),
    events: ['policy.quote.'],
  },
  endorsement: entityLife('endorsement', 'application', {
    'endorsement.quote': 'quoted',
    'endorsement.accept': 'accepted',
    'endorsement.issue': 'issued',
  }),
  renewal: entityLife('renewal', 'application', {
    'renewal.quote': 'quoted',
    'renewal.accept': 'accepted',
    'renewal.issue': 'issued',
  }),
  cancellation: entityLife('cancellation', 'draft', { 'cancellation.issue': 'issued' }),
  reinstatement: entityLife('reinstatement', 'draft', {
    'reinstatement.accept': 'accepted',
    'reinstatement.issue': 'issued',
  }),
  claim: {
    ...entityLife('claim', 'pending', { 'claim.open': 'open', 'claim.close': 'closed' }, 'currentStatus'),
    events: ['claim.', 'subClaim.'],
  },
  subClaim: entityLife('subClaim', 'open', { 'subClaim.close': 'closed', 'subClaim.reopen': 'open' }, 'currentStatus'),
  premiumReport: entityLife('premiumReport', 'draft', {
    'premiumReport.issue': 'issued',
    'premiumReport.reverse': 'reversed',
  }),
} as const satisfies Record<string, Life>;

/**
 * The entity as it is at an instant (ms), or nothing before it was created: its state and `updatedTimestamp` follow the
 * events that have happened, and it carries no issue instant of the future.
 */
export function livedUntil(
  entity: JsonObject,
  life: Life,
  events: readonly StoryEvent[],
  atMs: number,
): JsonObject | undefined {
  const createdMs = Number(entity.createdTimestamp);
  if (createdMs > atMs) return undefined;
  const own = eventsOf(entity, life, events).filter((event) => event.atMs <= atMs);
  const { issuedTimestamp, ...rest } = entity;
  return {
    ...rest,
    ...(issuedTimestamp !== undefined && Number(issuedTimestamp) <= atMs ? { issuedTimestamp } : {}),
    [life.stateName]:
      own.map((event) => life.states[event.type]).findLast((state) => state !== undefined) ?? life.initial,
    updatedTimestamp: String(Math.max(createdMs, ...own.map((event) => event.atMs))),
  };
}

function eventsOf(entity: JsonObject, life: Life, events: readonly StoryEvent[]): readonly StoryEvent[] {
  return events.filter(
    (event) =>
      textOf(event.data[life.locatorName]) === textOf(entity.locator) &&
      life.events.some((beginning) => event.type.startsWith(beginning)),
  );
}
