import type { Labels, Plan, RangeOp, Sample } from './plan.ts';
import { type LogText, selectorOf } from './select-sample.ts';
import { SeriesCells } from './series-cells.ts';
import type { TimeGrid } from './time-grid.ts';

/** Of these, a step without a line is zero; of the others nothing is known there. */
const ZERO_WITHOUT_LINES: readonly RangeOp[] = ['count_over_time', 'rate', 'sum_over_time'];

export interface Series {
  readonly labels: Labels;
  /** One value per step of the grid; null: nothing is known. */
  readonly values: readonly (number | null)[];
}

/** A query as a chart, over lines that come in in any order. */
export class StepQuery {
  readonly #plan: Plan;
  readonly #grid: TimeGrid;
  readonly #select: (line: LogText) => Sample | undefined;
  #steps = new Map<number, SeriesCells>();

  constructor(plan: Plan, grid: TimeGrid) {
    this.#plan = plan;
    this.#grid = grid;
    if (plan.range.window.kind !== 'step' || plan.compare !== undefined) {
      throw new Error('A chart needs a query over [$__auto], without a comparison.');
    }
    this.#select = selectorOf(plan.range);
    grid.onDouble(() => this.#double());
  }

  add(line: LogText): void {
    const selected = this.#select(line);
    if (selected !== undefined) this.#cellsOf(this.#grid.stepOf(line.timeMs)).add(selected);
  }

  series(): readonly Series[] {
    const { op } = this.#plan.range;
    const steps = this.#grid.steps();
    const none = ZERO_WITHOUT_LINES.includes(op) ? 0 : null;
    const found = new Map<string, { labels: Labels; values: (number | null)[] }>();
    for (const [index, { step }] of steps.entries()) {
      for (const [key, { labels, cell }] of this.#steps.get(step)?.entries() ?? []) {
        const series = found.get(key) ?? { labels, values: steps.map(() => none) };
        found.set(key, series);
        series.values[index] = cell.valueOver(this.#grid.stepMs);
      }
    }
    return [...found.values()];
  }

  #cellsOf(step: number): SeriesCells {
    const cells = this.#steps.get(step) ?? new SeriesCells(this.#plan.range);
    this.#steps.set(step, cells);
    return cells;
  }

  #double(): void {
    const before = this.#steps;
    this.#steps = new Map();
    for (const [step, cells] of before) this.#cellsOf(Math.floor(step / 2)).join(cells);
  }
}
