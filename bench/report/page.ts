import type { CaseResult } from '../kit/bench-case.ts';
import type { Machine } from '../kit/machine.ts';
import { median, summarise } from '../kit/statistics.ts';
import { type Results, type Target, TARGETS } from './targets.ts';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** A chart that stands below the table of its case. */
export interface ChartLink {
  readonly case: string;
  /** As the page names it. */
  readonly file: string;
  readonly title: string;
}

/** The page with everything between its two markers written anew. */
export function withTables(page: string, tables: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page needs a line ${BEGIN} and below it a line ${END}.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables.trim()}\n\n${page.slice(end)}`;
}

/** All tables: the targets first, then each case, and which ones there are no results of. */
export function tablesOf(results: Results, titles: ReadonlyMap<string, string>, charts: readonly ChartLink[]): string {
  const sections = [...results.values()].map((result) => caseSection(result, titles, charts));
  const missing = [...titles].filter(([name]) => !results.has(name)).map(([, title]) => `Not measured: ${title}.`);
  return [machineLine(results), '### Targets', targetTable(results), ...sections, ...missing].join('\n\n');
}

export function targetTable(results: Results): string {
  return table(
    ['Target', 'Wanted', 'Measured', 'Met'],
    TARGETS.map((target) => targetRow(target, results)),
  );
}

function targetRow(target: Target, results: Results): readonly string[] {
  const values = target.values(results);
  if (values === undefined) return [target.words, target.wanted, 'not measured', '–'];
  const { decides = median, isMet, unit = '' } = target;
  const value = decides(values);
  const measured = `${number(value)} ${unit}`.trim();
  const { low, high } = summarise(values);
  const spread = low === high ? '' : ` (${number(low)} to ${number(high)})`;
  return [target.words, target.wanted, measured + spread, isMet(value) ? 'met' : '**not met**'];
}

function machineLine(results: Results): string {
  const lines = new Set([...results.values()].map(({ machine }) => machineWords(machine)));
  return `Measured on ${[...lines].join('; and on ')}.`;
}

function machineWords({ cores, model, megahertz, memoryGb, kernel, node }: Machine): string {
  const frequency = megahertz > 0 ? ` at ${Math.round(megahertz)} MHz` : '';
  return `${cores} cores of ${model}${frequency}, ${memoryGb} GB, ${kernel}, Node ${node}`;
}

function caseSection(result: CaseResult, titles: ReadonlyMap<string, string>, charts: readonly ChartLink[]): string {
  const metrics = [...new Set(result.variants.flatMap((variant) => Object.keys(variant.metrics)))];
  const rows = result.variants.map(({ name, metrics: own }) => [name, ...metrics.map((metric) => cell(own[metric]))]);
  const conditions = Object.entries(result.conditions).map(([name, value]) => `${name}: ${value}`);
  const count = Math.max(
    1,
    ...result.variants.flatMap(({ metrics: own }) => Object.values(own).map(({ length }) => length)),
  );
  const rounds = count === 1 ? 'One round' : `Median of ${count} rounds (lowest to highest)`;
  return [
    `### ${titles.get(result.case) ?? result.case}`,
    [rounds, ...conditions].join('; ') + '.',
    ...(rows.length === 0 ? [] : [table(['', ...metrics], rows)]),
    ...result.skipped,
    ...charts.filter((chart) => chart.case === result.case).map(({ title, file }) => `![${title}](${file})`),
  ].join('\n\n');
}

function cell(values: readonly number[] | undefined): string {
  if (values === undefined) return '';
  const { median: middle, low, high } = summarise(values);
  return low === high ? number(middle) : `${number(middle)} (${number(low)}–${number(high)})`;
}

/** Three digits, and no more than two behind the point. */
export function number(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumFractionDigits: 2 });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
