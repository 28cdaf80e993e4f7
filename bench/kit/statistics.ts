/** What several rounds of one measurement say together. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The value below which the share `q` (0 to 1) of the values lies; between two values the straight line counts. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('There is no quantile of nothing.');
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median with the least and the greatest value: with few rounds an interquartile range would claim too much. */
export function summarise(values: readonly number[]): Summary {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * How `values` compare with `base`, round by round: what disturbed a round disturbed both of its sides, so each round
 * gives a ratio of its own and the median is taken of those.
 */
export function ratios(values: readonly number[], base: readonly number[]): readonly number[] {
  if (values.length !== base.length) throw new Error('Ratios need as many rounds on either side.');
  return values.map((value, round) => value / (base[round] ?? Number.NaN));
}

/** How much the values grow over their course, as a share of their mean (least squares): 0 is level. */
export function slopeShare(values: readonly number[]): number {
  const count = values.length;
  const [meanPlace, mean] = [(count - 1) / 2, values.reduce((sum, value) => sum + value, 0) / count];
  let [covariance, variance] = [0, 0];
  values.forEach((value, place) => {
    covariance += (place - meanPlace) * (value - mean);
    variance += (place - meanPlace) ** 2;
  });
  return variance === 0 ? 0 : ((covariance / variance) * (count - 1)) / mean;
}
