import { inSteps, type StoryEvent } from '../story/story-events.ts';
import type { EventEntry } from './event-book.ts';
import type { LocalMarketplace } from './local-marketplace.ts';

/** Longest wait for the outcome of a step. */
const OUTCOME_WITHIN_MS = 15_000;

/** Events whose webhook rings twice at the same moment, and events that ring again after they were delivered. */
const RING_TWICE = new Set(['policy.issue']);
const RING_AGAIN = new Set(['endorsement.issue', 'claim.update']);

/** The CRM is down for one request when this event is delivered, and asks for patience at that one. */
const CRM_DOWN_AT = 'payment.pay';
const CRM_BUSY_AT = 'claim.create';

/**
 * Plays the story from the first event to the last, waiting for the outcome of each step.
 *
 * @param show called with every event when its outcome is known
 */
export async function play(
  local: LocalMarketplace,
  show: (entry: EventEntry) => void,
  aborted: AbortSignal,
): Promise<void> {
  for (const step of inSteps(local.events)) {
    if (aborted.aborted) return;
    await local.moveTo(Math.max(...step.map((event) => event.atMs)));
    for (const event of step) misbehaveAt(local, event);
    await Promise.all(step.map((event) => ringFirst(local, event)));
    await local.book.settled(step, OUTCOME_WITHIN_MS, aborted);
    for (const event of step.filter(({ type }) => RING_AGAIN.has(type))) await ringAgain(local, event);
    for (const entry of entriesOf(local, step)) show(entry);
  }
}

async function ringFirst(local: LocalMarketplace, event: StoryEvent): Promise<void> {
  local.book.rings(event);
  const first = local.core.ring(event).then((results) => local.book.answered(event, results));
  await Promise.all([first, ...(RING_TWICE.has(event.type) ? [ringAgain(local, event)] : [])]);
}

async function ringAgain(local: LocalMarketplace, event: StoryEvent): Promise<void> {
  local.book.rings(event);
  local.book.answered(event, await local.core.webhooks.ring(event));
}

function misbehaveAt(local: LocalMarketplace, event: StoryEvent): void {
  const fault = { path: '/records', method: 'POST' };
  if (event.type === CRM_DOWN_AT) local.crm.faults.add({ ...fault, status: 503 });
  if (event.type === CRM_BUSY_AT) local.crm.faults.add({ ...fault, status: 429, headers: { 'retry-after': '1' } });
}

function entriesOf(local: LocalMarketplace, step: readonly StoryEvent[]): readonly EventEntry[] {
  const ids = new Set(step.map(({ id }) => id));
  return local.book.entries.filter(({ id }) => ids.has(id));
}
