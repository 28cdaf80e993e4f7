import type { LogLine } from '../app-process/log-lines.ts';
import type { RingResult } from '../core/webhooks.ts';
import { objectOf, textOf, type JsonValue } from '../http/json.ts';
import type { StoryEvent } from '../story/story-events.ts';

/** What became of an event, as far as is known. */
export type EventOutcome = 'waiting' | 'delivered' | 'skipped' | 'dead_lettered' | 'ignored' | 'lost' | 'timed out';

export interface EventEntry {
  readonly id: string;
  readonly type: string;
  readonly atMs: number;
  /** Times the webhook rang; more than once is a duplicate of Core's, never is a webhook that was lost on its way. */
  rings: number;
  /** Rings that the app recognised as duplicates. */
  duplicates: number;
  outcome: EventOutcome;
  /** Why, where it was not simply delivered. */
  reason: string;
  retries: number;
  /** From the event's own time to its delivery. */
  lagMs: number | undefined;
}

const FINAL_LINES: Readonly<Record<string, EventOutcome>> = {
  'sync.delivered': 'delivered',
  'sync.skipped': 'skipped',
  'sync.dead_lettered': 'dead_lettered',
};

/** Follows every event from its ring to its outcome, from nothing but the webhook's answer and the app's log. */
export class EventBook {
  readonly #byId = new Map<string, EventEntry>();
  readonly #onChange: () => void;
  #gapsClosed = 0;
  #timePassed = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** In the order in which they happened. */
  get entries(): readonly EventEntry[] {
    return [...this.#byId.values()];
  }

  /** Events that had never rung until the app found them on the event stream, as its log says. */
  get gapsClosed(): number {
    return this.#gapsClosed;
  }

  /** Syncs that no event asked for: the app's own, because time had changed a record. */
  get timePassed(): number {
    return this.#timePassed;
  }

  /** Opens the entry of an event whose webhook never rings. */
  happens(event: StoryEvent): void {
    this.#byId.set(event.id, newEntry(event));
    this.#onChange();
  }

  /** Opens the entry, so that a log line which comes before the webhook's answer finds it. */
  rings(event: StoryEvent): void {
    const entry = this.#byId.get(event.id) ?? newEntry(event);
    entry.rings += 1;
    this.#byId.set(event.id, entry);
    this.#onChange();
  }

  answered(event: StoryEvent, results: readonly RingResult[]): void {
    const entry = this.#byId.get(event.id);
    if (entry === undefined) return;
    const lost = results.find((result) => result.handled !== 'delivered');
    const words = results.map((result) => statusOf(result.answer));
    if (results.length === 0) close(entry, 'lost', 'no webhook is registered for it');
    else if (lost !== undefined && entry.outcome === 'waiting') close(entry, 'lost', `webhook answered ${lost.status}`);
    else if (words.includes('ignored')) close(entry, 'ignored', 'outside the profile');
    if (words.includes('duplicate')) entry.duplicates += 1;
    this.#onChange();
  }

  logged(line: LogLine): void {
    if (line.event === 'catchup.completed') this.#gapsClosed += Number(line.fields.gaps ?? 0);
    if (line.event === 'sync.delivered' && line.fields.eventType === 'time.passed') this.#timePassed += 1;
    const entry = this.#byId.get(line.eventId);
    if (entry === undefined) return;
    const outcome = FINAL_LINES[line.event];
    if (line.event === 'sync.retry_scheduled') {
      entry.retries += 1;
      entry.reason = textOf(line.fields.code);
    } else if (outcome !== undefined) {
      const { lagMs } = line.fields;
      if (typeof lagMs === 'number') entry.lagMs = lagMs;
      close(entry, outcome, outcome === 'delivered' ? '' : textOf(line.fields.code));
    } else return;
    this.#onChange();
  }

  /** Resolves when all of these events have an outcome, or when the time is over: then the open ones are timed out. */
  async settled(events: readonly StoryEvent[], withinMs: number, aborted?: AbortSignal): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    const open = () => events.map(({ id }) => this.#byId.get(id)).filter((entry) => entry?.outcome === 'waiting');
    while (open().length > 0 && performance.now() < deadlineMs && aborted?.aborted !== true) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const entry of open()) {
      if (entry !== undefined) close(entry, 'timed out', entry.reason || 'the log shows no outcome');
    }
    this.#onChange();
  }
}

function newEntry({ id, type, atMs }: StoryEvent): EventEntry {
  return {
    id,
    type,
    atMs,
    rings: 0,
    duplicates: 0,
    outcome: 'waiting',
    reason: '',
    retries: 0,
    lagMs: undefined,
  };
}

function close(entry: EventEntry, outcome: EventOutcome, reason: string): void {
  entry.outcome = outcome;
  entry.reason = reason;
}

function statusOf(answer: JsonValue | undefined): string {
  return textOf(objectOf(answer).status);
}
