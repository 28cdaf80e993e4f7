/*
 * The part of LogQL that our panels and alert rules are written in, as data. Everything else is refused when it is read
 * (`parse-logql.ts`), so that no query is ever answered by half.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export type Stage =
  | { readonly kind: 'contains' | 'lacks'; readonly text: string }
  | { readonly kind: 'json' }
  | { readonly kind: 'label'; readonly matcher: Matcher };

/** How much of the past one value is made of: a fixed time, one step of the chart, or all that is shown. */
export type Window =
  { readonly kind: 'fixed'; readonly ms: number } | { readonly kind: 'step' } | { readonly kind: 'all' };

export const RANGE_OPS = [
  'count_over_time',
  'rate',
  'sum_over_time',
  'max_over_time',
  'quantile_over_time',
  'absent_over_time',
] as const;
export type RangeOp = (typeof RANGE_OPS)[number];

export interface RangePlan {
  readonly op: RangeOp;
  /** From 0 to 1; of `quantile_over_time`. */
  readonly quantile?: number;
  readonly selector: readonly Matcher[];
  readonly stages: readonly Stage[];
  /** The label whose number counts; none: the lines do. */
  readonly unwrap?: string;
  /** Filters that stand behind `unwrap`. */
  readonly after: readonly Matcher[];
  readonly window: Window;
  /** The labels that tell one series from another. */
  readonly by: readonly string[];
}

export interface Comparison {
  readonly op: '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly value: number;
}

export interface Plan {
  readonly range: RangePlan;
  readonly compare?: Comparison;
}

/** One value of a query, with the labels it is of. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}
