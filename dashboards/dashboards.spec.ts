import { readFileSync, writeFileSync } from 'node:fs';
import { parser } from '@grafana/lezer-logql';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { readAlertRules } from './alerts.ts';
import { grafanaDashboard } from './grafana.ts';
import { parseLogql, withoutVariables } from './logql/parse-logql.ts';
import type { RangePlan } from './logql/plan.ts';
import { eventOf, STREAM_LABELS } from './logql/select-sample.ts';
import { PANELS } from './panels.ts';

const GRAFANA = new URL('./grafana.json', import.meta.url);
const SCHEMA = new URL('../docs/log-lines.schema.json', import.meta.url);
/** As for the golden files. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly type?: string;
}

const { $defs } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { $defs: Readonly<Record<string, Definition>> };

const QUERIES: readonly (readonly [string, string])[] = [
  ...PANELS.flatMap(({ id, queries }) => queries.map(({ logql }) => [id, logql] as const)),
  ...readAlertRules().map(({ alert, expr }) => [alert, expr] as const),
];

function labelsOf({ stages, after, by, unwrap }: RangePlan): readonly string[] {
  const filters = stages.flatMap((stage) => (stage.kind === 'label' ? [stage.matcher.label] : []));
  return [...filters, ...after.map(({ label }) => label), ...by, ...(unwrap === undefined ? [] : [unwrap])];
}

describe.each(QUERIES)('%s', (_name, logql) => {
  it('is LogQL', () => {
    const errors: string[] = [];
    const text = withoutVariables(logql);
    parser.parse(text).iterate({ enter: ({ type, from }) => void (type.isError && errors.push(text.slice(from))) });
    expect(errors).toEqual([]);
    expect(text).not.toContain('$');
  });

  it('asks for lines, fields and labels that there are', () => {
    const { range } = parseLogql(logql);
    expect(range.selector).toEqual(Object.entries(STREAM_LABELS).map(([label, value]) => ({ label, op: '=', value })));
    const event = eventOf(range) ?? 'no event';
    expect(Object.keys($defs)).toContain(event);
    // The text that Loki looks for first must be in those lines.
    for (const stage of range.stages) if (stage.kind === 'contains') expect(event).toContain(stage.text);
    const known = [...Object.keys($defs[event]?.properties ?? {}), '__error__'];
    expect(known).toEqual(expect.arrayContaining([...labelsOf(range)]));
    if (range.unwrap !== undefined) expect($defs[range.unwrap]).toMatchObject({ type: 'number' });
  });
});

describe('the panels', () => {
  it.each(PANELS.map((panel) => [panel.id, panel] as const))(
    '%s: names, columns and times fit its queries',
    (_id, panel) => {
      for (const { logql, legend } of panel.queries) {
        const { range, compare } = parseLogql(logql);
        const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
        expect(named).toEqual(range.by);
        expect(compare).toBeUndefined();
        expect(range.window.kind === 'step').toBe(panel.kind === 'chart');
        if (panel.columns) expect(panel.columns.labels).toEqual(range.by);
      }
      expect(panel.columns !== undefined).toBe(panel.kind === 'table');
    },
  );

  it('show all that an operator was promised', () => {
    const promised = [
      'accepted',
      'delivered',
      'lag',
      'retries',
      'throttled',
      'dead-letters',
      'gaps',
      'late-now',
      'memory',
    ];
    expect(PANELS.map(({ id }) => id)).toEqual(expect.arrayContaining(promised));
    expect(new Set(PANELS.map(({ id }) => id)).size).toBe(PANELS.length);
    expect(PANELS.find(({ id }) => id === 'lag')?.queries.map(({ legend }) => legend)).toEqual(['p50', 'p95', 'p99']);
  });

  it('are what Grafana gets: grafana.json (UPDATE_GOLDEN=1 writes it)', async () => {
    const config = await resolveConfig(GRAFANA);
    const formatted = await format(JSON.stringify(grafanaDashboard()), { ...config, parser: 'json' });
    if (IS_UPDATE) writeFileSync(GRAFANA, formatted);
    expect(readFileSync(GRAFANA, 'utf8')).toBe(formatted);
  });
});

describe('the alert rules', () => {
  it('use in their words only labels that their queries have', () => {
    for (const { expr, summary } of readAlertRules()) {
      const used = [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label ?? '');
      expect(parseLogql(expr).range.by).toEqual(expect.arrayContaining(used));
    }
  });

  it('watch what an operator was promised', () => {
    const names = readAlertRules().map(({ alert }) => alert);
    const promised = [
      'SocotraSyncSilent',
      'SocotraSyncLate',
      'SocotraSyncDeadLetters',
      'SocotraSyncTenantPaused',
      'SocotraSyncCatchUpFails',
    ];
    expect(names).toEqual(expect.arrayContaining(promised));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are in the form of the ruler', () => {
    const file = parse(readFileSync(new URL('./alerts.yaml', import.meta.url), 'utf8')) as {
      groups: readonly object[];
    };
    expect(file.groups).toMatchObject([{ name: 'socotra-sync', interval: '10s', rules: expect.any(Array) }]);
    expect(Object.keys(file)).toEqual(['groups']);
  });

  it.each<[string, string]>([
    ['for', 'groups: [{ name: a, rules: [{ alert: A, expr: a, for: 5m }] }]'],
    ['rules', 'groups: [{ name: a }]'],
    ['groups', 'rules: []'],
    ['severity', 'groups: [{ rules: [{ alert: A, expr: a, labels: {}, annotations: { summary: b, action: c } }] }]'],
  ])('are refused where "%s" is not as expected', (what, text) => {
    expect(() => readAlertRules(text)).toThrow(`"${what}"`);
  });
});
