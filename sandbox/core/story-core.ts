import { coreAt, readStorySources, type CoreWorld } from '../story/core-at.ts';
import type { StoryEvent } from '../story/story-events.ts';

/** The part of the story that has happened: what Core knows now, and its ledger of events. */
export class StoryCore {
  readonly #sources = readStorySources();
  readonly #story: readonly StoryEvent[];
  readonly #happened: StoryEvent[] = [];
  #world: CoreWorld;
  #nowMs: number;

  constructor(story: readonly StoryEvent[]) {
    this.#story = story;
    this.#nowMs = (story[0]?.atMs ?? 0) - 1;
    this.#world = coreAt(this.#sources, story, this.#nowMs);
  }

  /** Milliseconds since the epoch, story time. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get world(): CoreWorld {
    return this.#world;
  }

  /** The ledger of events: they are only appended, so positions stay valid for ever. */
  get happened(): readonly StoryEvent[] {
    return this.#happened;
  }

  /** Lets the event happen: from now on what it changed can be read, and the event stream tells of it. */
  happen(event: StoryEvent): void {
    this.change(event);
    this.record(event);
  }

  /** The first half of {@link happen}: what the event changed can be read. */
  change(event: StoryEvent): void {
    this.#nowMs = Math.max(this.#nowMs, event.atMs);
    this.#world = coreAt(this.#sources, this.#story, this.#nowMs);
  }

  /** The second half of {@link happen}: the event stream tells of it. */
  record(event: StoryEvent): void {
    this.#happened.push(event);
  }
}
