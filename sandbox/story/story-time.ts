/**
 * The time of the story, as the app under test and the stand-ins around it see it: it is set to the moment of an event
 * and real time keeps running on top.
 */
export class StoryTime {
  #storyMs: number;
  #setAtMs = performance.now();
  #beforeMoveMs: number;

  /** @param startMs milliseconds since the epoch */
  constructor(startMs: number) {
    this.#storyMs = startMs;
    this.#beforeMoveMs = startMs;
  }

  now(): number {
    return Math.round(this.#storyMs + (performance.now() - this.#setAtMs));
  }

  /** The moment before the latest move: what was under way then is dated by it. */
  beforeMove(): number {
    return this.#beforeMoveMs;
  }

  /** Moves on to a later moment; an earlier one is ignored, because time does not run backwards. */
  moveTo(storyMs: number): void {
    this.#beforeMoveMs = this.now();
    this.#storyMs = Math.max(this.#beforeMoveMs, storyMs);
    this.#setAtMs = performance.now();
  }
}
