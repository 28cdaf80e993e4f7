import { LogqlError, parseLogql } from './parse-logql.ts';
import type { Plan } from './plan.ts';

const LINES = '{app="socotra-sync"} |= "a.b" != "c" | json | event="a.b" | state!~"x|y"';

describe('what is understood', () => {
  it.each<[string, object]>([
    [
      `sum by (tenant, code) (count_over_time(${LINES} [5m])) > 0`,
      {
        range: {
          op: 'count_over_time',
          selector: [{ label: 'app', op: '=', value: 'socotra-sync' }],
          stages: [
            { kind: 'contains', text: 'a.b' },
            { kind: 'lacks', text: 'c' },
            { kind: 'json' },
            { kind: 'label', matcher: { label: 'event', op: '=', value: 'a.b' } },
            { kind: 'label', matcher: { label: 'state', op: '!~', value: 'x|y' } },
          ],
          after: [],
          window: { kind: 'fixed', ms: 300_000 },
          by: ['tenant', 'code'],
        },
        compare: { op: '>', value: 0 },
      } satisfies Plan,
    ],
    [`sum(rate(${LINES} [$__auto]))`, { range: { op: 'rate', window: { kind: 'step' }, by: [] } }],
    [`sum(count_over_time(${LINES} [$__range]))`, { range: { window: { kind: 'all' } } }],
    [
      `quantile_over_time(0.95, ${LINES} | unwrap lagMs | __error__="" [45s]) by (tenant)`,
      {
        range: {
          op: 'quantile_over_time',
          quantile: 0.95,
          unwrap: 'lagMs',
          after: [{ label: '__error__', op: '=', value: '' }],
          by: ['tenant'],
          window: { kind: 'fixed', ms: 45_000 },
        },
      },
    ],
    [`max_over_time(${LINES} | unwrap a [1h]) by () >= 1.5`, { range: { by: [] }, compare: { op: '>=', value: 1.5 } }],
    [`absent_over_time(${LINES} [1d])`, { range: { op: 'absent_over_time', by: [] } }],
    ['sum(rate({app=`a "b"`} |= `c` [1m]))', { range: { selector: [{ value: 'a "b"' }], stages: [{ text: 'c' }] } }],
  ])('%s', (logql, plan) => {
    expect(parseLogql(logql)).toMatchObject(plan);
  });
});

describe('what is refused, loudly', () => {
  it.each([
    ['no LogQL', 'sum by (tenant) (rate({app="a"} [5m])'],
    ['no LogQL', 'sum(rate({app="a"} | json event= [5m]))'],
    ['lines', '{app="a"}'],
    ['one series per line', 'rate({app="a"} | json [5m])'],
    ['another aggregation', 'avg by (a) (rate({app="a"} [5m]))'],
    ['another function', 'sum(bytes_rate({app="a"} [5m]))'],
    ['sum over maxima', 'sum(max_over_time({app="a"} | json | unwrap b [5m]))'],
    ['count by itself', 'count_over_time({app="a"} [5m]) by (b)'],
    ['without', 'sum without (b) (rate({app="a"} [5m]))'],
    ['two aggregations', 'sum(sum by (a) (rate({app="a"} [5m])))'],
    ['offset', 'sum(rate({app="a"} [5m] offset 5m))'],
    ['arithmetic', 'sum(rate({app="a"} [5m])) / 2'],
    ['bool', 'sum(rate({app="a"} [5m])) > bool 2'],
    ['two queries', 'sum(rate({app="a"} [5m])) > sum(rate({app="b"} [5m]))'],
    ['another parser', 'sum(rate({app="a"} | logfmt [5m]))'],
    ['a part of json', 'sum(rate({app="a"} | json b="c" [5m]))'],
    ['numbers as filters', 'sum(rate({app="a"} | json | b > 5 [5m]))'],
    ['or in filters', 'sum(rate({app="a"} | json | b="c" or d="e" [5m]))'],
    ['a pattern for lines', 'sum(rate({app="a"} |~ "b" [5m]))'],
    ['a format', 'sum(rate({app="a"} | line_format "b" [5m]))'],
    ['a number without unwrap', 'max_over_time({app="a"} | json [5m]) by (b)'],
    ['an unwrap without a number', 'sum(count_over_time({app="a"} | json | unwrap b [5m]))'],
    ['a converted number', 'max_over_time({app="a"} | json | unwrap duration(b) [5m]) by (c)'],
    ['another unit', 'sum(rate({app="a"} [5w]))'],
  ])('%s: %s', (_what, logql) => {
    expect(() => parseLogql(logql)).toThrow(LogqlError);
  });
});
