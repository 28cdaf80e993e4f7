import { setTimeout as sleep } from 'node:timers/promises';
import { inSteps, type StoryEvent } from '../story/story-events.ts';
import type { EventEntry } from './event-book.ts';
import type { LocalMarketplace } from './local-marketplace.ts';

/** Longest wait for the outcome of a step. */
const OUTCOME_WITHIN_MS = 90_000;
/** Events whose webhook rings twice at the same moment, and events that ring again after they were delivered. */
const RING_TWICE = new Set(['policy.issue']);
const RING_AGAIN = new Set(['endorsement.issue', 'claim.update']);
/** The target is down for one write when this event is delivered, and asks for patience at that one. */
const DOWN_AT = 'payment.pay';
const BUSY_AT = 'claim.create';
/** How far the story goes on after its last event, for what time alone brings. */
const EPILOGUE_MS = 60_000;
const POLL_MS = 20;

export interface Performance {
  /** The events whose webhook never rings, by id. */
  readonly lost: ReadonlySet<string>;
  /** Called with every event when its outcome is known. */
  readonly show: (entry: EventEntry) => void;
  readonly aborted: AbortSignal;
}

/** Plays the story from the first event to the last, waiting for the outcome of each step. */
export async function play(local: LocalMarketplace, { lost, show, aborted }: Performance): Promise<void> {
  const rings = ({ id }: StoryEvent) => !lost.has(id);
  for (const step of inSteps(local.events)) {
    if (aborted.aborted) return;
    await local.moveTo(Math.max(...step.map((event) => event.atMs)));
    for (const event of step) misbehaveAt(local, event);
    await Promise.all(step.map((event) => (rings(event) ? ringFirst(local, event) : happenSilently(local, event))));
    await local.book.settled(step, OUTCOME_WITHIN_MS, aborted);
    for (const event of step.filter((one) => rings(one) && RING_AGAIN.has(one.type))) await ringAgain(local, event);
    for (const entry of entriesOf(local, step)) show(entry);
  }
}

/**
 * Lets the story go on a little after its last event, and waits for what the app does by itself: what time changes
 * (the renewal has taken effect) is brought to the target, and what never rang is counted.
 *
 * @param isOver true when everything that is waited for has happened
 */
export async function playEpilogue(
  local: LocalMarketplace,
  isOver: () => boolean,
  aborted: AbortSignal,
): Promise<void> {
  await local.moveTo((local.events.at(-1)?.atMs ?? 0) + EPILOGUE_MS);
  const deadlineMs = performance.now() + OUTCOME_WITHIN_MS;
  while (!isOver() && !aborted.aborted && performance.now() < deadlineMs) await sleep(POLL_MS);
}

async function ringFirst(local: LocalMarketplace, event: StoryEvent): Promise<void> {
  local.book.rings(event);
  const first = local.core.ring(event).then((results) => local.book.answered(event, results));
  await Promise.all([first, ...(RING_TWICE.has(event.type) ? [ringAgain(local, event)] : [])]);
}

async function happenSilently(local: LocalMarketplace, event: StoryEvent): Promise<void> {
  local.book.happens(event);
  local.core.story.happen(event);
}

async function ringAgain(local: LocalMarketplace, event: StoryEvent): Promise<void> {
  local.book.rings(event);
  local.book.answered(event, await local.core.webhooks.ring(event));
}

function misbehaveAt({ target }: LocalMarketplace, event: StoryEvent): void {
  if (event.type === DOWN_AT) target.fail();
  if (event.type === BUSY_AT) target.askForPatience();
}

function entriesOf(local: LocalMarketplace, step: readonly StoryEvent[]): readonly EventEntry[] {
  const ids = new Set(step.map(({ id }) => id));
  return local.book.entries.filter(({ id }) => ids.has(id));
}
