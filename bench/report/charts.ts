import { View, parse } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { CaseResult } from '../kit/bench-case.ts';
import { summarise } from '../kit/statistics.ts';
import type { BarChart } from './chart-list.ts';

/** Readable on white and on black alike. */
const INK = '#808890';
const BAR = '#3d8fd1';
const OURS = '#e07b39';
const WIDTH = 460;
const BAR_HEIGHT = 22;

/** @returns undefined where the case has nothing to show */
export async function barChart(chart: BarChart, result: CaseResult): Promise<string | undefined> {
  const { metric, variants = /./, limit } = chart;
  const values = result.variants.flatMap(({ name, metrics }) => {
    const own = metrics[metric];
    return own === undefined || !variants.test(name) ? [] : [{ name, ...summarise(own), ours: isOurs(name, result) }];
  });
  if (values.length === 0) return undefined;
  const y = { field: 'name', type: 'nominal', sort: null, title: null } as const;
  const x = { field: 'median', type: 'quantitative', title: metric } as const;
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chart.title,
    background: 'transparent',
    width: WIDTH,
    height: { step: BAR_HEIGHT },
    data: { values },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          y,
          color: { field: 'ours', type: 'nominal', legend: null, scale: { domain: [true, false], range: [OURS, BAR] } },
        },
      },
      { mark: { type: 'rule', color: INK }, encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y } },
      ...(limit === undefined
        ? []
        : [{ mark: { type: 'rule' as const, color: INK, strokeDash: [4, 4] }, encoding: { x: { datum: limit } } }]),
    ],
    config: {
      axis: { labelColor: INK, titleColor: INK, gridColor: INK, gridOpacity: 0.25, domainColor: INK, tickColor: INK },
      axisY: { labelLimit: 320 },
      title: { color: INK, anchor: 'start' },
      view: { stroke: null },
    },
  };
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  return view.toSVG();
}

/** Where the app stands among others it has a colour of its own; where all are the app, none has. */
function isOurs(name: string, { variants }: CaseResult): boolean {
  return name.startsWith('app') && variants.some((other) => !other.name.startsWith('app'));
}
