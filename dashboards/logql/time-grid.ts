/** So many steps a chart has at most. */
const MOST_STEPS = 240;
/** As often as the app's pulse: a shorter step would be empty every other time. */
const FIRST_STEP_MS = 15_000;

/**
 * The steps of all charts of a page, over a time whose length is not known before the last line is read: whenever there would
 * be too many, they become twice as long.
 */
export class TimeGrid {
  #first = Infinity;
  #last = -Infinity;
  #width = FIRST_STEP_MS;
  readonly #listeners: (() => void)[] = [];

  get stepMs(): number {
    return this.#width;
  }

  /** Calls the listener after each doubling: what was step `n` is now part of step `floor(n / 2)`. */
  onDouble(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @returns the number of the step that this moment is in */
  stepOf(timeMs: number): number {
    const step = Math.floor(timeMs / this.#width);
    this.#first = Math.min(this.#first, step);
    this.#last = Math.max(this.#last, step);
    while (this.#last - this.#first >= MOST_STEPS) this.#double();
    return Math.floor(timeMs / this.#width);
  }

  /** All steps from the first line to the last; a step is named by its beginning. */
  steps(): readonly { readonly step: number; readonly atMs: number }[] {
    if (this.#last < this.#first) return [];
    return Array.from({ length: this.#last - this.#first + 1 }, (_none, index) => {
      const step = this.#first + index;
      return { step, atMs: step * this.#width };
    });
  }

  #double(): void {
    this.#width *= 2;
    this.#first = Math.floor(this.#first / 2);
    this.#last = Math.floor(this.#last / 2);
    for (const listener of this.#listeners) listener();
  }
}
