import { type Panel, SECTIONS, type Unit } from './panels.ts';

const SCHEMA_VERSION = 39;
const WIDTH = 24;
const CHART_HEIGHT = 8;
const TABLE_HEIGHT = 7;
const COLUMNS = 2;
const UNITS: Readonly<Record<Unit, string>> = {
  'per second': 'cps',
  count: 'short',
  milliseconds: 'ms',
  bytes: 'bytes',
};
const SOURCE = { type: 'loki', uid: '${source}' };

/** The dashboard as Grafana imports it; `dashboards/grafana.json` is this. */
export function grafanaDashboard(): object {
  return {
    title: 'Socotra Sync',
    uid: 'socotra-sync',
    description: 'Made of the log of Socotra Sync by dashboards/panels.ts. What each line means: docs/operations.md.',
    schemaVersion: SCHEMA_VERSION,
    tags: ['socotra-sync'],
    timezone: 'utc',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'source', label: 'Loki', type: 'datasource', query: 'loki' },
        {
          name: 'tenant',
          label: 'Tenant (hash, or .* for all)',
          type: 'textbox',
          query: '.*',
          current: { text: '.*', value: '.*' },
        },
      ],
    },
    panels: panels(),
  };
}

function panels(): readonly object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels: own } of SECTIONS) {
    placed.push({ id: placed.length + 1, type: 'row', title, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] });
    y += 1;
    for (let first = 0; first < own.length; first += COLUMNS) {
      const row = own.slice(first, first + COLUMNS);
      const height = Math.max(...row.map(({ kind }) => (kind === 'table' ? TABLE_HEIGHT : CHART_HEIGHT)));
      for (const [column, panel] of row.entries()) {
        const w = WIDTH / COLUMNS;
        placed.push({ id: placed.length + 1, gridPos: { x: column * w, y, w, h: height }, ...panelOf(panel) });
      }
      y += height;
    }
  }
  return placed;
}

function panelOf(panel: Panel): object {
  const shared = { title: panel.title, description: panel.words, datasource: SOURCE };
  return panel.kind === 'table' ? { ...shared, ...table(panel) } : { ...shared, ...chart(panel) };
}

function targetsOf({ queries, kind }: Panel): readonly object[] {
  return queries.map(({ logql, legend }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: SOURCE,
    expr: logql,
    legendFormat: legend,
    queryType: kind === 'table' ? 'instant' : 'range',
  }));
}

function chart(panel: Panel): object {
  return {
    type: 'timeseries',
    targets: targetsOf(panel),
    fieldConfig: {
      defaults: { unit: UNITS[panel.unit], min: 0, custom: { fillOpacity: 10, spanNulls: false } },
      overrides: [],
    },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

function table(panel: Panel): object {
  const { labels = [], value = '' } = panel.columns ?? {};
  return {
    type: 'table',
    targets: targetsOf(panel),
    fieldConfig: { defaults: { unit: UNITS[panel.unit] }, overrides: [] },
    // Loki names the column of values after the query.
    transformations: [
      { id: 'labelsToFields', options: { mode: 'columns' } },
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(labels.map((label, index) => [label, index])),
          renameByName: { 'Value #A': value },
        },
      },
    ],
    options: { sortBy: [{ displayName: value, desc: true }], footer: { show: false } },
  };
}
