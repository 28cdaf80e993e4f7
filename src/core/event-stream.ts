import type { CoreAnswer, CoreClient } from './core-client.js';

/** Where reading goes on: at an instant for the first page, at Core's token (valid for ever) after it. */
export type StreamPosition =
  { readonly kind: 'from'; readonly startMs: number } | { readonly kind: 'token'; readonly pagingToken: string };

export interface EventPage {
  /** Envelopes as a webhook carries them, not yet read. */
  readonly events: readonly unknown[];
  /** Where the next page begins, also when this one is empty; absent if Core gave none. */
  readonly pagingToken?: string;
}

/** Small pages, so that a long backlog is worked off in bounded memory. */
export const EVENTS_PER_PAGE = 100;

/**
 * One page of Core's event stream: chronological, and complete where webhooks are not. The attributed endpoint carries
 * `transactionId`; a tenant that may not read it is read without.
 */
export async function readEventPage(
  client: Pick<CoreClient, 'get'>,
  position: StreamPosition,
): Promise<CoreAnswer<EventPage>> {
  const query = queryOf(position);
  const attributed = await client.get(`/eventstream/attributedEvents?${query}`);
  const isRefused = attributed.kind === 'forbidden' || attributed.kind === 'not_found';
  const answer = isRefused ? await client.get(`/eventstream/events?${query}`) : attributed;
  return answer.kind === 'found' ? parsePage(answer.value) : answer;
}

function queryOf(position: StreamPosition): string {
  // After the first call Core wants the token alone.
  return position.kind === 'token'
    ? new URLSearchParams({ pagingToken: position.pagingToken }).toString()
    : new URLSearchParams({ startTimestamp: String(position.startMs), pageSize: String(EVENTS_PER_PAGE) }).toString();
}

function parsePage(json: unknown): CoreAnswer<EventPage> {
  if (typeof json !== 'object' || json === null || !('events' in json) || !Array.isArray(json.events)) {
    return { kind: 'malformed', problem: 'The event stream did not answer with a list of events.' };
  }
  const token = 'pagingToken' in json ? json.pagingToken : undefined;
  return {
    kind: 'found',
    value: { events: json.events, ...(typeof token === 'string' && token !== '' && { pagingToken: token }) },
  };
}
