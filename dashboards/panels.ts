/** How the values of a panel are written. */
export type Unit = 'per second' | 'count' | 'milliseconds' | 'bytes';

export interface PanelQuery {
  readonly logql: string;
  /** The name of a series: `{{label}}` stands for the value of that label. */
  readonly legend: string;
}

/**
 * One panel, for Grafana and for the page of `npm run dashboard` alike. `chart`: values over time, its queries are over
 * `[$__auto]`. `table`: one row per series, its query is over all that is shown or over a fixed time before its end.
 */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** What it says and what to do, for somebody who sees it for the first time. */
  readonly words: string;
  readonly kind: 'chart' | 'table';
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  /** Of a table: which labels are its columns, and what the column of values is called. */
  readonly columns?: { readonly labels: readonly string[]; readonly value: string };
  /** Where the code of a row is explained. */
  readonly reasons?: 'dead' | 'retry' | 'paused' | 'skipped';
}

export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The lines of one kind: the text is looked for before anything is parsed, which is what makes it cheap in Loki. */
const lines = (event: string, ...filters: readonly string[]) =>
  [`{app="socotra-sync"} |= "${event}" | json | event="${event}"`, ...filters].join(' | ');
/** Of lines about one tenant: the reader of the dashboard may have chosen one. */
const ofTenants = (event: string, ...filters: readonly string[]) => lines(event, 'tenant=~"$tenant"', ...filters);
const number = (from: string, label: string) => `${from} | unwrap ${label} | __error__=""`;

const rateBy = (by: string, from: string) => `sum by (${by}) (rate(${from} [$__auto]))`;
const countBy = (by: string, from: string) => `sum by (${by}) (count_over_time(${from} [$__auto]))`;
const totalBy = (by: string, from: string) => `sum by (${by}) (count_over_time(${from} [$__range]))`;
const highest = (event: string, label: string) => `max_over_time(${number(lines(event), label)} [$__auto]) by ()`;
const lag = (quantile: number, by = '') =>
  `quantile_over_time(${quantile}, ${number(ofTenants('sync.delivered'), 'lagMs')} [$__auto]) by (${by})`;

/** THE LIST: all panels in their order. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Who is stuck, and why',
    panels: [
      {
        id: 'late-now',
        title: 'Late or paused at the end',
        words:
          'Tenants whose oldest work was due more than ten seconds ago. due: in hand, or others are before it. retrying: its tries ' +
          'fail. resting: its target or Core asked for rest or does not answer. paused: a human must change something. stopped: ' +
          'the customer stopped it. not_called: nobody has called for it since the app began.',
        kind: 'table',
        unit: 'milliseconds',
        queries: [
          {
            logql: `max_over_time(${number(ofTenants('tenant.late'), 'pastDueMs')} [1m]) by (tenant, state, code)`,
            legend: '{{tenant}} {{state}} {{code}}',
          },
        ],
        columns: { labels: ['tenant', 'state', 'code'], value: 'due since' },
        reasons: 'paused',
      },
      {
        id: 'dead-letters',
        title: 'Dead letters by reason',
        words: 'Events that were given up. Mend the cause, then "npm run ops -- replay" them.',
        kind: 'table',
        unit: 'count',
        queries: [
          {
            logql: totalBy('tenant, target, code', ofTenants('sync.dead_lettered')),
            legend: '{{tenant}} {{target}} {{code}}',
          },
        ],
        columns: { labels: ['tenant', 'target', 'code'], value: 'events' },
        reasons: 'dead',
      },
      {
        id: 'retries-by-reason',
        title: 'Retries by reason',
        words: 'Tries that failed and are made again. What does not end becomes a dead letter.',
        kind: 'table',
        unit: 'count',
        queries: [
          {
            logql: totalBy('tenant, target, code', ofTenants('sync.retry_scheduled')),
            legend: '{{tenant}} {{target}} {{code}}',
          },
        ],
        columns: { labels: ['tenant', 'target', 'code'], value: 'tries' },
        reasons: 'retry',
      },
      {
        id: 'failures',
        title: 'Failures of the app itself',
        words:
          'A failing store (claim_failed, queue_failed, release_failed, retention_failed): look at the disk or database. Else a bug: report the app.failed lines. What they concern is kept.',
        kind: 'table',
        unit: 'count',
        queries: [{ logql: totalBy('code, errorName', lines('app.failed')), legend: '{{code}} {{errorName}}' }],
        columns: { labels: ['code', 'errorName'], value: 'times' },
      },
      {
        id: 'boots-refused',
        title: 'Starts that were refused',
        words: 'The sentence says what to change.',
        kind: 'table',
        unit: 'count',
        queries: [{ logql: totalBy('message', lines('app.boot_refused')), legend: '{{message}}' }],
        columns: { labels: ['message'], value: 'times' },
      },
    ],
  },
  {
    title: 'What comes in and what goes out',
    panels: [
      {
        id: 'accepted',
        title: 'Accepted',
        words: 'Webhooks that were made durable.',
        kind: 'chart',
        unit: 'per second',
        queries: [{ logql: rateBy('tenant', ofTenants('webhook.accepted')), legend: '{{tenant}}' }],
      },
      {
        id: 'delivered',
        title: 'Delivered',
        words: 'Events whose records the target holds in their newest state.',
        kind: 'chart',
        unit: 'per second',
        queries: [{ logql: rateBy('tenant, target', ofTenants('sync.delivered')), legend: '{{tenant}} {{target}}' }],
      },
      {
        id: 'lag',
        title: 'Lag',
        words: "From the event's own time to its delivery: half, 95 and 99 of a hundred events are faster.",
        kind: 'chart',
        unit: 'milliseconds',
        queries: [
          { logql: lag(0.5), legend: 'p50' },
          { logql: lag(0.95), legend: 'p95' },
          { logql: lag(0.99), legend: 'p99' },
        ],
      },
      {
        id: 'lag-by-target',
        title: 'Lag p95 by tenant and target',
        words: 'One slow target shows here, and slows no other tenant.',
        kind: 'chart',
        unit: 'milliseconds',
        queries: [{ logql: lag(0.95, 'tenant, target'), legend: '{{tenant}} {{target}}' }],
      },
      {
        id: 'gaps',
        title: 'Gaps closed',
        words:
          "Events whose webhook never rang, found in Core's event stream. Many, again and again: ask the platform.",
        kind: 'chart',
        unit: 'count',
        queries: [
          {
            logql: `sum by (tenant) (sum_over_time(${number(ofTenants('catchup.completed'), 'gaps')} [$__auto]))`,
            legend: '{{tenant}}',
          },
        ],
      },
      {
        id: 'refused',
        title: 'Webhooks refused',
        words:
          'Nothing was stored. 401: not called through the Marketplace. 429: too many. 503: disk, database or State API.',
        kind: 'chart',
        unit: 'count',
        queries: [{ logql: countBy('status, code', lines('webhook.refused')), legend: '{{status}} {{code}}' }],
      },
    ],
  },
  {
    title: 'What goes wrong',
    panels: [
      {
        id: 'retries',
        title: 'Retries',
        words: 'Tries that failed and count as such.',
        kind: 'chart',
        unit: 'count',
        queries: [
          {
            logql: countBy('tenant, target, code', ofTenants('sync.retry_scheduled', 'outcome="retry"')),
            legend: '{{tenant}} {{target}} {{code}}',
          },
        ],
      },
      {
        id: 'throttled',
        title: 'Throttling',
        words: 'Tries that the target or Core put off. They do not count as tries.',
        kind: 'chart',
        unit: 'count',
        queries: [
          {
            logql: countBy('tenant, target, code', ofTenants('sync.retry_scheduled', 'outcome="throttled"')),
            legend: '{{tenant}} {{target}} {{code}}',
          },
        ],
      },
      {
        id: 'dead',
        title: 'Dead letters',
        words: 'Events that were given up, when and why.',
        kind: 'chart',
        unit: 'count',
        queries: [
          {
            logql: countBy('tenant, target, code', ofTenants('sync.dead_lettered')),
            legend: '{{tenant}} {{target}} {{code}}',
          },
        ],
      },
      {
        id: 'late',
        title: 'Late and paused tenants',
        words: 'Tenants with work that was due more than ten seconds ago.',
        kind: 'chart',
        unit: 'count',
        queries: [
          { logql: highest('app.pulse', 'late'), legend: 'late' },
          { logql: highest('app.pulse', 'paused'), legend: 'paused' },
        ],
      },
      {
        id: 'past-due',
        title: 'Oldest work past due',
        words: 'How long ago the oldest work was due; paused and stopped tenants do not count. Zero: nobody waits.',
        kind: 'chart',
        unit: 'milliseconds',
        queries: [{ logql: highest('app.pulse', 'pastDueMs'), legend: 'past due' }],
      },
    ],
  },
  {
    title: 'The process',
    panels: [
      {
        id: 'waiting',
        title: 'In the queue',
        words: 'Events that wait, and dead letters. Both are kept whatever happens to the process.',
        kind: 'chart',
        unit: 'count',
        queries: [
          { logql: highest('app.pulse', 'waiting'), legend: 'waiting' },
          { logql: highest('app.pulse', 'dead'), legend: 'dead letters' },
        ],
      },
      {
        id: 'memory',
        title: 'Memory',
        words: 'Of the process (of several the largest), with what it shares with others. The plan has 128 MB.',
        kind: 'chart',
        unit: 'bytes',
        queries: [{ logql: highest('app.pulse', 'memoryBytes'), legend: 'memory' }],
      },
    ],
  },
];

export const PANELS: readonly Panel[] = SECTIONS.flatMap(({ panels }) => panels);
