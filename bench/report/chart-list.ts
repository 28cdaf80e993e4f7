/** One bar for each variant, its length the median, with a line from the lowest to the highest round. */
export interface BarChart {
  readonly case: string;
  readonly title: string;
  readonly metric: string;
  /** Variants to show; all others are left out. */
  readonly variants?: RegExp;
  /** A line at the target. */
  readonly limit?: number;
}

export const CHARTS: readonly BarChart[] = [
  { case: 'accept', title: 'Webhooks accepted a second', metric: 'events/s' },
  { case: 'whole-way', title: 'CPU-µs for a single event', metric: 'CPU-µs/event', variants: /single/ },
  { case: 'whole-way', title: 'CPU-µs for an event in a burst of ten', metric: 'CPU-µs/event', variants: /burst/ },
  { case: 'memory', title: 'MB held in a group of 128 MB, highest', metric: 'group MB, highest', limit: 110 },
  { case: 'soak', title: 'MB of its own over half an hour', metric: 'private MB', variants: /minutes/ },
  { case: 'start', title: 'CPU seconds until /health answers', metric: 'CPU s', limit: 0.45 },
  { case: 'growth', title: 'CPU-µs for an event', metric: 'CPU-µs/event' },
  { case: 'plan', title: 'Events delivered a second inside the plan', metric: 'delivered/s' },
  { case: 'fairness', title: 'p99 lag in ms', metric: 'lag p99 ms' },
];
