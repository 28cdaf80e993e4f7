import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { CASES } from '../cases.ts';
import type { CaseResult } from '../kit/bench-case.ts';
import { type ChartLink, tablesOf, withTables } from './page.ts';
import type { Results } from './targets.ts';

const RESULTS = new URL('../results/', import.meta.url);
export const PAGE = new URL('../../docs/performance.md', import.meta.url);
const CHARTS_FOLDER = new URL('../../docs/performance/', import.meta.url);

const fileOf = (name: string) => new URL(`${name}.json`, RESULTS);

/** What was measured last, in the order of the cases. */
export function readResults(): Results {
  const known = CASES.filter(({ name }) => existsSync(fileOf(name)));
  return new Map(known.map(({ name }) => [name, readResult(name)]));
}

export async function writeResult(result: CaseResult): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  await writeFormatted(fileOf(result.case), JSON.stringify(result), 'json');
}

/** The page as it follows from the results. */
export async function writtenPage(results: Results, charts: readonly ChartLink[]): Promise<string> {
  const titles = new Map(CASES.map(({ name, title }) => [name, title]));
  return formatted(PAGE, withTables(readFileSync(PAGE, 'utf8'), tablesOf(results, titles, charts)), 'markdown');
}

/** Links to the charts that exist, so that the page can be checked without drawing any. */
export function chartLinks(charts: readonly { readonly case: string; readonly title: string }[]): readonly ChartLink[] {
  return charts
    .map(({ case: name, title }) => ({ case: name, title, file: `performance/${chartName(name, title)}` }))
    .filter(({ file }) => existsSync(new URL(`../${file}`, CHARTS_FOLDER)));
}

export function writeChart(name: string, title: string, svg: string): void {
  mkdirSync(CHARTS_FOLDER, { recursive: true });
  writeFileSync(new URL(chartName(name, title), CHARTS_FOLDER), `${svg}\n`);
}

function chartName(name: string, title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll('µ', 'micro')
    .replaceAll(/[^a-z0-9]+/g, '-');
  return `${name}-${words.replaceAll(/^-|-$/g, '')}.svg`;
}

/** Safe cast: the file was written by {@link writeResult} from such a value, and is committed with it. */
function readResult(name: string): CaseResult {
  return JSON.parse(readFileSync(fileOf(name), 'utf8')) as CaseResult;
}

async function writeFormatted(file: URL, text: string, parser: string): Promise<void> {
  writeFileSync(file, await formatted(file, text, parser));
}

async function formatted(file: URL, text: string, parser: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), parser });
}
