import { type Alert, AlertWatch } from '../alerts.ts';
import { InstantQuery } from '../logql/instant-query.ts';
import { parseLogql } from '../logql/parse-logql.ts';
import type { Labels, Sample } from '../logql/plan.ts';
import { QueriesByEvent } from '../logql/queries-by-event.ts';
import type { LogText } from '../logql/select-sample.ts';
import { type Series, StepQuery } from '../logql/step-query.ts';
import { TimeGrid } from '../logql/time-grid.ts';
import { type Panel, type PanelQuery, SECTIONS } from '../panels.ts';

/** More lines in one chart cannot be told apart. */
const MOST_SERIES = 8;
const MOST_ROWS = 50;

export interface ChartPicture {
  readonly kind: 'chart';
  readonly panel: Panel;
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** Smaller ones that are not shown. */
  readonly more: number;
}

export interface TablePicture {
  readonly kind: 'table';
  readonly panel: Panel;
  /** The largest first. */
  readonly rows: readonly Sample[];
  readonly more: number;
}

/** All that the page shows, as values. */
export interface Picture {
  /** The time of the first and the last line; undefined: there was none. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly alerts: readonly Alert[];
  readonly stepMs: number;
  /** The beginning of each step. */
  readonly steps: readonly number[];
  readonly sections: readonly { readonly title: string; readonly panels: readonly (ChartPicture | TablePicture)[] }[];
}

/** Every panel and every alert rule, over the lines of a log as they come. */
export class LogBoard {
  readonly #grid = new TimeGrid();
  readonly #queries = new QueriesByEvent();
  readonly #alerts = new AlertWatch();
  readonly #sections: readonly { title: string; panels: readonly RunningPanel[] }[];
  #fromMs = Infinity;
  #toMs = -Infinity;

  constructor() {
    const running = (panel: Panel) => new RunningPanel(panel, this.#queries, this.#grid);
    this.#sections = SECTIONS.map(({ title, panels }) => ({ title, panels: panels.map(running) }));
  }

  /** The time of the newest line; -Infinity before the first. */
  get newestMs(): number {
    return this.#toMs;
  }

  add(line: LogText): void {
    this.#fromMs = Math.min(this.#fromMs, line.timeMs);
    this.#toMs = Math.max(this.#toMs, line.timeMs);
    // All charts begin and end with the log, whatever they show.
    this.#grid.stepOf(line.timeMs);
    this.#queries.add(line);
    this.#alerts.add(line);
  }

  /** @param nowMs by the clock of the log; undefined: the log goes no further than its last line */
  picture(nowMs: number | undefined): Picture {
    const hasLines = this.#toMs >= this.#fromMs;
    const atMs = nowMs ?? this.#toMs;
    return {
      ...(hasLines && { fromMs: this.#fromMs, toMs: this.#toMs }),
      alerts: hasLines ? this.#alerts.at(atMs, nowMs === undefined) : [],
      stepMs: this.#grid.stepMs,
      steps: this.#grid.steps().map((step) => step.atMs),
      sections: this.#sections.map(({ title, panels }) => ({
        title,
        panels: panels.map((panel) => panel.picture(atMs)),
      })),
    };
  }
}

class RunningPanel {
  readonly #panel: Panel;
  readonly #charts: readonly { query: StepQuery; legend: string }[];
  readonly #tables: readonly InstantQuery[];

  constructor(panel: Panel, queries: QueriesByEvent, grid: TimeGrid) {
    this.#panel = panel;
    const plans = panel.queries.map(({ logql, legend }: PanelQuery) => ({ plan: parseLogql(logql), legend }));
    const isChart = panel.kind === 'chart';
    this.#charts = isChart
      ? plans.map(({ plan, legend }) => ({ query: queries.put(plan, new StepQuery(plan, grid)), legend }))
      : [];
    this.#tables = isChart ? [] : plans.map(({ plan }) => queries.put(plan, new InstantQuery(plan)));
  }

  picture(atMs: number): ChartPicture | TablePicture {
    const panel = this.#panel;
    if (panel.kind === 'table') {
      const rows = this.#tables.flatMap((query) => query.at(atMs)).toSorted((a, b) => b.value - a.value);
      return { kind: 'table', panel, rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) };
    }
    const series = this.#charts.flatMap(({ query, legend }) =>
      query.series().map((one) => ({ name: nameOf(legend, one.labels), values: one.values, size: sizeOf(one) })),
    );
    // In their own order while all fit: p50, p95, p99.
    const shown =
      series.length > MOST_SERIES ? series.toSorted((a, b) => b.size - a.size).slice(0, MOST_SERIES) : series;
    return {
      kind: 'chart',
      panel,
      series: shown.map(({ name, values }) => ({ name, values })),
      more: series.length - shown.length,
    };
  }
}

function nameOf(legend: string, labels: Labels): string {
  return legend.replace(/\{\{(\w+)\}\}/g, (_all, label: string) => labels[label] ?? '').trim();
}

function sizeOf({ values }: Series): number {
  return values.reduce((sum: number, value) => sum + (value ?? 0), 0);
}
