import { InstantQuery } from './instant-query.ts';
import { parseLogql } from './parse-logql.ts';
import type { LogText } from './select-sample.ts';
import { StepQuery } from './step-query.ts';
import { TimeGrid } from './time-grid.ts';

/** A round moment, so that steps and slices begin there. */
const T0 = 1_800_000_000_000;

function line(seconds: number, fields: Readonly<Record<string, unknown>>): LogText {
  return { text: JSON.stringify(fields), timeMs: T0 + seconds * 1_000, fields };
}

function instant(logql: string, lines: readonly LogText[]): InstantQuery {
  const query = new InstantQuery(parseLogql(logql));
  for (const one of lines) query.add(one);
  return query;
}

const DEAD = '{app="socotra-sync"} |= "dead" | json | event="dead"';

describe('a query as of one moment', () => {
  const lines = [
    line(0, { event: 'dead', tenant: 'a', lagMs: 10 }),
    line(30, { event: 'dead', tenant: 'a', lagMs: 30, code: 'x' }),
    line(30, { event: 'dead', tenant: 'b', lagMs: 20 }),
    line(31, { event: 'other', tenant: 'a', words: 'dead', lagMs: 99 }),
    { text: 'dead, but no JSON', timeMs: T0 + 31_000, fields: undefined },
  ];
  const a = (value: number) => ({ labels: { tenant: 'a' }, value });
  const b = (value: number) => ({ labels: { tenant: 'b' }, value });

  it.each<[string, number, readonly object[]]>([
    [`sum by (tenant) (count_over_time(${DEAD} [1m]))`, 40, [a(2), b(1)]],
    [`sum by (tenant) (count_over_time(${DEAD} [1m]))`, 20, [a(1)]],
    [`sum by (tenant) (count_over_time(${DEAD} [1m]))`, 60, [a(1), b(1)]],
    [`sum by (tenant) (count_over_time(${DEAD} [1m]))`, 120, []],
    [`sum by (tenant) (count_over_time(${DEAD} [$__range]))`, 9_999, [a(2), b(1)]],
    [`sum by (tenant) (count_over_time(${DEAD} [1m])) > 1`, 40, [a(2)]],
    [`sum by (tenant) (count_over_time(${DEAD} [1m])) <= 1`, 40, [b(1)]],
    [`sum by (tenant) (rate(${DEAD} [40s]))`, 35, [a(0.05), b(0.025)]],
    [`sum by (tenant) (sum_over_time(${DEAD} | unwrap lagMs [1m]))`, 40, [a(40), b(20)]],
    [`max by (tenant) (max_over_time(${DEAD} | unwrap lagMs [1m]))`, 40, [a(30), b(20)]],
    [`max_over_time(${DEAD} | code!="" | unwrap lagMs [1m]) by (tenant)`, 40, [a(30)]],
    [`max_over_time(${DEAD} | code="" | unwrap lagMs [1m]) by (tenant)`, 40, [a(10), b(20)]],
    [`max_over_time(${DEAD} | tenant=~"b|c" | unwrap lagMs [1m]) by (tenant)`, 40, [b(20)]],
    [`max_over_time(${DEAD} | unwrap missing [1m]) by (tenant)`, 40, []],
    [`sum(count_over_time(${DEAD} [1m]))`, 40, [{ labels: {}, value: 3 }]],
    ['sum(count_over_time({app="socotra-sync"} |= "dead" [1m]))', 40, [{ labels: {}, value: 5 }]],
    ['sum(count_over_time({app="socotra-sync"} | json | __error__!="" [1m]))', 40, [{ labels: {}, value: 1 }]],
    ['sum(count_over_time({app="another"} [1m]))', 40, []],
    [`absent_over_time(${DEAD} [45s])`, 74, []],
    [`absent_over_time(${DEAD} [45s])`, 76, [{ labels: {}, value: 1 }]],
  ])('%s after %i s', (logql, seconds, expected) => {
    expect(instant(logql, lines).at(T0 + seconds * 1_000)).toEqual(expected);
  });

  it('knows quantiles to a hundredth', () => {
    const many = Array.from({ length: 1_000 }, (_none, index) => line(1, { event: 'dead', lagMs: index + 1 }));
    const [found] = instant(`quantile_over_time(0.95, ${DEAD} | unwrap lagMs [1m]) by ()`, many).at(T0 + 2_000);
    expect(Math.abs((found?.value ?? 0) - 950)).toBeLessThan(10);
  });

  it('remembers no more of a long log than its window', () => {
    const query = new InstantQuery(parseLogql(`sum(count_over_time(${DEAD} [1m]))`));
    for (let second = 0; second < 10_000; second++) query.add(line(second, { event: 'dead' }));
    expect(query.at(T0 + 9_999_000)).toEqual([{ labels: {}, value: 60 }]);
    expect(query.at(T0 + 59_000)).toEqual([]);
  });

  it('puts together what nobody could tell apart', () => {
    const many = Array.from({ length: 700 }, (_none, index) => line(0, { event: 'dead', tenant: `t${index}` }));
    const found = instant(`sum by (tenant) (count_over_time(${DEAD} [1m]))`, many).at(T0);
    expect(found).toHaveLength(501);
    expect(found.at(-1)).toEqual({ labels: { tenant: 'others' }, value: 200 });
  });
});

describe('a query as a chart', () => {
  it('has a value for each step: none is zero for what is counted, and unknown for what is measured', () => {
    const grid = new TimeGrid();
    const counted = new StepQuery(parseLogql(`sum by (tenant) (count_over_time(${DEAD} [$__auto]))`), grid);
    const measured = new StepQuery(parseLogql(`max_over_time(${DEAD} | unwrap lagMs [$__auto]) by ()`), grid);
    for (const one of [
      line(31, { event: 'dead', lagMs: 5 }),
      line(1, { event: 'dead', lagMs: 7 }),
      line(2, { event: 'dead' }),
    ]) {
      counted.add(one);
      measured.add(one);
    }
    expect(grid.steps().map(({ atMs }) => atMs - T0)).toEqual([0, 15_000, 30_000]);
    expect(counted.series()).toEqual([{ labels: { tenant: '' }, values: [2, 0, 1] }]);
    expect(measured.series()).toEqual([{ labels: {}, values: [7, null, 5] }]);
  });

  it('begins with the first line and ends with the last', () => {
    const grid = new TimeGrid();
    for (const second of [50_000, 0, 100_000]) grid.stepOf(T0 + second * 1_000);
    const steps = grid.steps().map(({ atMs }) => atMs - T0);
    expect(steps.at(0)).toBeLessThanOrEqual(0);
    expect(steps.at(1)).toBeGreaterThan(0);
    expect(steps.at(-1)).toBeLessThanOrEqual(100_000_000);
    expect(steps.at(-1)).toBeGreaterThan(100_000_000 - grid.stepMs);
  });

  it('is the same however long the steps have become, and whatever the order of the lines', () => {
    const seconds = Array.from({ length: 3_000 }, (_none, index) => (index * 7_919) % 3_000).map(
      (minute) => minute * 60,
    );
    const grid = new TimeGrid();
    const counted = new StepQuery(parseLogql(`sum(count_over_time(${DEAD} [$__auto]))`), grid);
    const rate = new StepQuery(parseLogql(`sum(rate(${DEAD} [$__auto]))`), grid);
    const p50 = new StepQuery(parseLogql(`quantile_over_time(0.5, ${DEAD} | unwrap lagMs [$__auto]) by ()`), grid);
    for (const second of seconds)
      for (const query of [counted, rate, p50]) query.add(line(second, { event: 'dead', lagMs: second }));
    expect(grid.stepMs).toBe(960_000);
    const [values = []] = counted.series().map((series) => series.values);
    expect(values.reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(3_000);
    expect(new Set(values.slice(1, -1))).toEqual(new Set([16]));
    expect(rate.series()[0]?.values[1]).toBeCloseTo(1 / 60);
    const [first, , third] = p50.series()[0]?.values ?? [];
    expect((third ?? 0) - (first ?? 0)).toBeGreaterThan(900);
  });
});
