import type { Comparison, Plan, Sample } from './plan.ts';
import { type LogText, selectorOf } from './select-sample.ts';
import { SeriesCells } from './series-cells.ts';

/** A window is remembered in slices, so that a storm costs no memory for each line; this is how exact its beginning is. */
const SLICE_MS = 1_000;
const MOST_SLICES = 2_000;

/** A query as of one moment, over lines that come in: what a table shows, and what an alert rule asks. */
export class InstantQuery {
  readonly #plan: Plan;
  readonly #select: (line: LogText) => Sample | undefined;
  readonly #windowMs: number;
  readonly #sliceMs: number;
  readonly #slices = new Map<number, SeriesCells>();
  #newestMs = -Infinity;

  constructor(plan: Plan) {
    this.#plan = plan;
    const { window } = plan.range;
    if (window.kind === 'step') throw new Error('A query of steps is no question about one moment.');
    this.#select = selectorOf(plan.range);
    this.#windowMs = window.kind === 'fixed' ? window.ms : Infinity;
    this.#sliceMs = Math.max(SLICE_MS, (2 * this.#windowMs) / MOST_SLICES);
  }

  /** Lines may come in any order, but one that is older than the newest by more than the window is lost. */
  add(line: LogText): void {
    const selected = this.#select(line);
    if (selected === undefined) return;
    const slice = this.#sliceOf(line.timeMs);
    const cells = this.#slices.get(slice) ?? new SeriesCells(this.#plan.range);
    this.#slices.set(slice, cells);
    cells.add(selected);
    this.#newestMs = Math.max(this.#newestMs, line.timeMs);
    if (this.#slices.size > MOST_SLICES) this.#forget();
  }

  /** @returns what the query answers at this moment; empty: nothing, which of an alert rule is good news */
  at(nowMs: number): readonly Sample[] {
    const { range, compare } = this.#plan;
    const found = new SeriesCells(range);
    const [from, to] = [this.#sliceOf(nowMs - this.#windowMs), this.#sliceOf(nowMs)];
    for (const [slice, cells] of this.#slices)
      if (this.#windowMs === Infinity || (slice > from && slice <= to)) found.join(cells);
    if (range.op === 'absent_over_time') return found.size === 0 ? [{ labels: {}, value: 1 }] : [];
    const samples = [...found.entries()].map(([, { labels, cell }]) => ({
      labels,
      value: cell.valueOver(this.#windowMs),
    }));
    return samples.filter(({ value }) => holds(compare, value));
  }

  #sliceOf(timeMs: number): number {
    return this.#windowMs === Infinity ? 0 : Math.floor(timeMs / this.#sliceMs);
  }

  #forget(): void {
    const oldest = this.#sliceOf(this.#newestMs - this.#windowMs);
    for (const slice of this.#slices.keys()) if (slice <= oldest) this.#slices.delete(slice);
  }
}

function holds(compare: Comparison | undefined, value: number): boolean {
  switch (compare?.op) {
    case undefined:
      return true;
    case '>':
      return value > compare.value;
    case '>=':
      return value >= compare.value;
    case '<':
      return value < compare.value;
    case '<=':
      return value <= compare.value;
    case '==':
      return value === compare.value;
    case '!=':
      return value !== compare.value;
  }
}
