import type { CaseResult } from '../kit/bench-case.ts';
import { median, ratios } from '../kit/statistics.ts';

/** All results by the name of their case. */
export type Results = ReadonlyMap<string, CaseResult>;

/** One promise and how it is read out of the raw data. */
export interface Target {
  readonly words: string;
  readonly wanted: string;
  /** One number a round, or the numbers that count; undefined while it was not measured. */
  readonly values: (results: Results) => readonly number[] | undefined;
  /** Of the values; the median unless the worst one counts. */
  readonly decides?: (values: readonly number[]) => number;
  readonly isMet: (value: number) => boolean;
  readonly unit?: string;
}

const atLeast = (limit: number) => (value: number) => value >= limit;
const atMost = (limit: number) => (value: number) => value <= limit;
const worst = (values: readonly number[]) => Math.max(...values);

/** The numbers of one metric; undefined where the case, the variant or the metric is missing. */
export function metricOf(
  results: Results,
  name: string,
  variant: string,
  metric: string,
): readonly number[] | undefined {
  return results.get(name)?.variants.find((candidate) => candidate.name === variant)?.metrics[metric];
}

/** How one variant compares with another of the same case, round by round. */
function against(name: string, variant: string, base: string, metric: string) {
  return (results: Results): readonly number[] | undefined => {
    const [values, bases] = [variant, base].map((each) => metricOf(results, name, each, metric));
    return values && bases && ratios(values, bases);
  };
}

/** One metric of all variants whose name this matches, together. */
function every(name: string, metric: string, variants = /./) {
  return (results: Results): readonly number[] | undefined => {
    const found = results
      .get(name)
      ?.variants.filter((variant) => variants.test(variant.name))
      .flatMap(({ metrics }) => metrics[metric] ?? []);
    return found === undefined || found.length === 0 ? undefined : found;
  };
}

/** How much dearer an event is at the larger level, in percent; the store on which that is more. */
function growthOf(smaller: string, larger: string) {
  return (results: Results): readonly number[] | undefined => {
    const ofStores = ['SQLite', 'PostgreSQL'].flatMap((store) => {
      const shares = against('growth', `${store}: ${larger}`, `${store}: ${smaller}`, 'CPU-µs/event')(results);
      return shares === undefined ? [] : [shares.map((share) => (share - 1) * 100)];
    });
    return ofStores.toSorted((a, b) => median(b) - median(a))[0];
  };
}

/** On the store, with the rest that is shipped or without it, on which that is more: five seconds of rest hide much. */
function lagShare(neighbour: string) {
  return (results: Results): readonly number[] | undefined => {
    const stores = ['SQLite', 'PostgreSQL'].flatMap((store) => [store, `${store}, without the rest`]);
    const ofStores = stores.flatMap((store) => [
      against('fairness', `${store}: ${neighbour}`, `${store}: alone`, 'lag p99 ms')(results) ?? [],
    ]);
    return ofStores.filter((shares) => shares.length > 0).toSorted((a, b) => median(b) - median(a))[0];
  };
}

const ACCEPT = (base: string) => against('accept', 'app', base, 'events/s');
const FULL_RATE = '100 events/s offered';

/** What was promised, in the order of the page. */
export const TARGETS: readonly Target[] = [
  {
    words: 'Durable accept, share of the rate of a bare `node:http` server',
    wanted: '≥ 0.45',
    values: ACCEPT('bare node:http'),
    isMet: atLeast(0.45),
  },
  {
    words: 'Durable accept against an Express handler that works before it answers',
    wanted: '≥ 3 ×',
    values: ACCEPT('Express, inline'),
    isMet: atLeast(3),
    unit: '×',
  },
  {
    words: 'p99 of accept at half of saturation',
    wanted: '≤ 25 ms',
    values: (results) => metricOf(results, 'accept', 'app', 'p99 ms at half'),
    isMet: atMost(25),
    unit: 'ms',
  },
  {
    words: 'CPU for a single event, socket to target, against a bare script with the same calls',
    wanted: '≤ 1.6 ×',
    values: against('whole-way', 'app, single', 'bare script, single', 'CPU-µs/event'),
    isMet: atMost(1.6),
    unit: '×',
  },
  {
    words: 'The same for an event in a burst of ten on one policy',
    wanted: '≤ 0.35 ×',
    values: against('whole-way', 'app, burst', 'bare script, burst', 'CPU-µs/event'),
    isMet: atMost(0.35),
    unit: '×',
  },
  {
    words: "Single events a second against Node-RED's, which makes one call and keeps nothing",
    wanted: '≥ 1 ×',
    values: against('whole-way', 'app, single', 'Node-RED, single', 'events/s'),
    isMet: atLeast(1),
    unit: '×',
  },
  {
    words: 'The same in bursts of ten',
    wanted: '≥ 3 ×',
    values: against('whole-way', 'app, burst', 'Node-RED, burst', 'events/s'),
    isMet: atLeast(3),
    unit: '×',
  },
  {
    words: 'Memory in a group of 128 MB, highest of all',
    wanted: '≤ 110 MB',
    values: every('memory', 'group MB, highest'),
    decides: worst,
    isMet: atMost(110),
    unit: 'MB',
  },
  {
    words: 'Memory in a group of 128 MB when idle',
    wanted: '≤ 60 MB',
    values: (results) => metricOf(results, 'memory', 'idle', 'group MB, highest'),
    isMet: atMost(60),
    unit: 'MB',
  },
  {
    words: 'Out-of-memory kills in half an hour at saturation',
    wanted: 'none',
    values: every('soak', 'out-of-memory kills'),
    decides: worst,
    isMet: atMost(0),
  },
  {
    words: 'Growth of memory in that time, after warm-up',
    wanted: 'within ± 2 %',
    values: every('soak', 'growth of private memory after warm-up, %'),
    isMet: (value) => Math.abs(value) <= 2,
    unit: '%',
  },
  {
    words: 'CPU of a start',
    wanted: '≤ 0.45 s',
    values: (results) => metricOf(results, 'start', 'app', 'CPU s'),
    isMet: atMost(0.45),
    unit: 's',
  },
  {
    words: 'Healthy inside the plan',
    wanted: '≤ 6 s',
    values: every('plan', 's to healthy'),
    isMet: atMost(6),
    unit: 's',
  },
  {
    words: 'Single events a second, sustained inside the plan',
    wanted: '≥ 100',
    values: (results) => metricOf(results, 'plan', FULL_RATE, 'delivered/s'),
    // A hundred are offered, so a hundred is what can be seen at most; the edges of the minute take one.
    isMet: atLeast(99),
    unit: 'a second',
  },
  {
    words: 'Events lost inside the plan',
    wanted: 'none',
    values: every('plan', 'lost'),
    decides: worst,
    isMet: atMost(0),
  },
  {
    words: 'Growth of the cost of an event from 1,000 to 1,000,000 waiting',
    wanted: '< 20 %',
    values: growthOf('1,000 waiting, 100 tenants', '1,000,000 waiting, 100 tenants'),
    isMet: (value) => value < 20,
    unit: '%',
  },
  {
    words: 'Growth of the cost of an event from 1 to 1,000 tenants',
    wanted: '< 20 %',
    values: growthOf('10,000 waiting, 1 tenant', '10,000 waiting, 1,000 tenants'),
    isMet: (value) => value < 20,
    unit: '%',
  },
  {
    words: "p99 lag beside a tenant with 100,000 waiting events, against the tenant's lag alone",
    wanted: '≤ 2 ×',
    values: lagShare('beside 100,000 waiting events'),
    isMet: atMost(2),
    unit: '×',
  },
  {
    words: 'p99 lag beside a tenant with a dead target, against the lag alone',
    wanted: '≤ 2 ×',
    values: lagShare('beside a dead target'),
    isMet: atMost(2),
    unit: '×',
  },
];
