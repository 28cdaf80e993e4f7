import sketches from '@datadog/sketches-js';
import type { RangePlan } from './plan.ts';

/** Quantiles are off by at most this part of their value. */
const RELATIVE_ACCURACY = 0.01;

/** What is remembered of the values in one span of time: enough for any of the range operations, and can be joined. */
export class Cell {
  readonly #plan: Pick<RangePlan, 'op' | 'quantile'>;
  #count = 0;
  #sum = 0;
  #max = -Infinity;
  readonly #sketch: sketches.DDSketch | undefined;

  constructor(plan: Pick<RangePlan, 'op' | 'quantile'>) {
    this.#plan = plan;
    this.#sketch =
      plan.op === 'quantile_over_time' ? new sketches.DDSketch({ relativeAccuracy: RELATIVE_ACCURACY }) : undefined;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
    this.#sketch?.accept(value);
  }

  join(other: Cell): void {
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
    if (other.#sketch) this.#sketch?.merge(other.#sketch);
  }

  /** @param spanMs how long the time is that the values are of */
  valueOver(spanMs: number): number {
    switch (this.#plan.op) {
      case 'count_over_time':
        return this.#count;
      case 'rate':
        return (this.#count * 1_000) / spanMs;
      case 'sum_over_time':
        return this.#sum;
      case 'max_over_time':
        return this.#max;
      case 'quantile_over_time':
        return this.#sketch?.getValueAtQuantile(this.#plan.quantile ?? 0) ?? 0;
      // One where there is nothing: whoever asks knows that there is something.
      case 'absent_over_time':
        return 0;
    }
  }
}
