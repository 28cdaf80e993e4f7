import { Cell } from './cell.ts';
import type { Labels, RangePlan, Sample } from './plan.ts';

/** More series than a reader could tell apart share one; a flood of made-up values must not cost the memory. */
const MOST_SERIES = 500;
const OTHERS = 'others';

export interface SeriesCell {
  readonly labels: Labels;
  readonly cell: Cell;
}

/** The cells of one span of time, by series. */
export class SeriesCells {
  readonly #plan: RangePlan;
  readonly #bySeries = new Map<string, SeriesCell>();

  constructor(plan: RangePlan) {
    this.#plan = plan;
  }

  get size(): number {
    return this.#bySeries.size;
  }

  add({ labels, value }: Sample): void {
    this.#cellOf(labels).add(value);
  }

  join(other: SeriesCells): void {
    for (const { labels, cell } of other.#bySeries.values()) this.#cellOf(labels).join(cell);
  }

  entries(): Iterable<readonly [string, SeriesCell]> {
    return this.#bySeries.entries();
  }

  #cellOf(labels: Labels): Cell {
    const key = JSON.stringify(labels);
    const found = this.#bySeries.get(key);
    if (found) return found.cell;
    if (this.#bySeries.size >= MOST_SERIES && !Object.values(labels).every((value) => value === OTHERS)) {
      return this.#cellOf(Object.fromEntries(Object.keys(labels).map((label) => [label, OTHERS])));
    }
    const cell = new Cell(this.#plan);
    this.#bySeries.set(key, { labels, cell });
    return cell;
  }
}
