/**
 * The time of the story, as the app under test and the stand-ins around it see it: it is set to the moment of an event
 * and real time keeps running on top.
 */
export class StoryTime {
  #storyMs: number;
  #setAtMs = performance.now();

  /** @param startMs milliseconds since the epoch */
  constructor(startMs: number) {
    this.#storyMs = startMs;
  }

  now(): number {
    return Math.round(this.#storyMs + (performance.now() - this.#setAtMs));
  }

  /** Moves on to a later moment; an earlier one is ignored, because time does not run backwards. */
  moveTo(storyMs: number): void {
    this.#storyMs = Math.max(this.now(), storyMs);
    this.#setAtMs = performance.now();
  }
}
