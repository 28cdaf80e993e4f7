import { median, quantile, ratios, slopeShare, summarise } from '../../bench/kit/statistics.ts';

describe('the statistics of the benchmarks', () => {
  it.each<[readonly number[], number, number]>([
    [[7], 0.5, 7],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[1, 2, 3, 4, 5], 0, 1],
    [[1, 2, 3, 4, 5], 1, 5],
    [[0, 100], 0.99, 99],
    [[10, 20, 30, 40, 50], 0.25, 20],
  ])('of %j the quantile %d is %d', (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  it('knows no quantile of nothing', () => {
    expect(() => median([])).toThrow('nothing');
  });

  it('says the median with the lowest and the highest', () => {
    expect(summarise([5, 1, 9])).toEqual({ median: 5, low: 1, high: 9 });
  });

  it('compares round by round, so that a disturbed round disturbs both sides', () => {
    expect(ratios([10, 40, 10], [20, 80, 20])).toEqual([0.5, 0.5, 0.5]);
    expect(() => ratios([1, 2], [1])).toThrow('as many rounds');
  });

  it.each<[string, readonly number[], number]>([
    ['level', [50, 50, 50], 0],
    ['a tenth more at the end', [95, 100, 105], 0.1],
    ['a tenth less at the end', [105, 100, 95], -0.1],
    ['one sample', [50], 0],
  ])('the slope of %s', (_name, values, expected) => {
    expect(slopeShare(values)).toBeCloseTo(expected);
  });
});
