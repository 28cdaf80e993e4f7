import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Alert } from '../alerts.ts';
import type { Sample } from '../logql/plan.ts';
import type { ChartPicture, Picture, TablePicture } from './log-board.ts';
import type { ReadCounts } from './log-reader.ts';
import { amount, countsInWords, rowWords, valueInWords } from './words.ts';

export interface PageFacts {
  readonly picture: Picture;
  readonly counts: ReadCounts;
  /** Where the lines come from, as the reader named it. */
  readonly source: string;
  /** When the page was written, milliseconds since the epoch. */
  readonly writtenAtMs: number;
  /** Lines still come in: the page reloads itself after so many seconds. */
  readonly reloadSeconds?: number;
}

const ownFile = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const packageFile = (name: string) => readFileSync(new URL(import.meta.resolve(name)), 'utf8');

/** What every page has in it, so that it needs nothing else. */
const STYLES = [packageFile('uplot/dist/uPlot.min.css'), ownFile('./browser/page.css')];
const SCRIPTS = [packageFile('uplot/dist/uPlot.iife.min.js'), ownFile('./browser/page.js')];
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src ${SCRIPTS.map(hashOf).join(' ')}; img-src data:`;

/** The whole page as HTML. Whatever stands in the log is text in it, never markup. */
export function writePage(facts: PageFacts): string {
  const { picture, reloadSeconds } = facts;
  const charts = picture.sections.flatMap(({ panels }) => panels).filter((panel) => panel.kind === 'chart');
  const data = {
    times: picture.steps.map((ms) => ms / 1_000),
    charts: charts.filter(hasValues).map(({ panel: { id, unit }, series }) => ({ id: `chart-${id}`, unit, series })),
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
${reloadSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${reloadSeconds}">\n`}<link rel="icon" href="data:,">
<title>Socotra Sync: ${escaped(titleOf(facts))}</title>
<style>${STYLES.join('\n')}</style>
</head>
<body>
<h1>Socotra Sync</h1>
${headOf(facts)}
${verdictOf(facts)}
${picture.sections.map(sectionOf).join('\n')}
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
${SCRIPTS.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

function titleOf({ picture, counts }: PageFacts): string {
  const { length } = picture.alerts;
  if (counts.own === 0) return 'no lines';
  return length === 0 ? 'healthy' : `${length} ${length === 1 ? 'alert' : 'alerts'}`;
}

function headOf({ picture: { fromMs, toMs, stepMs }, counts, source, writtenAtMs, reloadSeconds }: PageFacts): string {
  const time =
    fromMs === undefined || toMs === undefined
      ? ''
      : ` From ${instant(fromMs)} to ${instant(toMs)} (UTC), in steps of ${valueInWords(stepMs, 'milliseconds')}.`;
  const state =
    reloadSeconds === undefined
      ? 'The log ends here: whether the app runs now is not in it.'
      : `Lines still come in: this page reloads itself every ${reloadSeconds} seconds.`;
  return `<p class="quiet">${escaped(source)}: ${escaped(countsInWords(counts))}${escaped(time)}</p>
<p class="quiet">${state} Written ${instant(writtenAtMs)}.</p>`;
}

function verdictOf({ picture: { alerts }, counts, reloadSeconds }: PageFacts): string {
  if (counts.own === 0) {
    const advice =
      reloadSeconds === undefined
        ? 'The app writes its log to standard output, one JSON object a line, with LOG_LEVEL=info. Is this that output?'
        : 'Waiting for the first one.';
    return `<div class="verdict warning" role="status"><strong>No line of Socotra Sync so far.</strong><p>${advice}</p></div>`;
  }
  if (alerts.length === 0) {
    const when = reloadSeconds === undefined ? 'At the end of this log nothing' : 'Nothing';
    return `<div class="verdict good" role="status"><strong>Healthy.</strong>
<p>${when} waits too long, nothing was given up in the last ten minutes, and no tenant with work is paused.</p></div>`;
  }
  const worst = alerts.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
  const count = alerts.length === 1 ? 'One alert rings' : `${amount(alerts.length)} alerts ring`;
  const when = reloadSeconds === undefined ? ' at the end of this log' : '';
  return `<div class="verdict ${worst}" role="status"><strong>${count}${when}.</strong>
<ul class="alerts">${alerts.map(alertItem).join('')}</ul></div>`;
}

function alertItem({ severity, summary, action }: Alert): string {
  return `<li><span class="${severity === 'critical' ? 'critical' : 'warning'}"></span>${escaped(summary)}<p class="quiet">${escaped(action)}</p></li>`;
}

function sectionOf({ title, panels }: Picture['sections'][number]): string {
  return `<h2>${escaped(title)}</h2>
<div class="panels">${panels.map((panel) => (panel.kind === 'table' ? tableOf(panel) : chartOf(panel))).join('\n')}</div>`;
}

function chartOf(chart: ChartPicture): string {
  const { panel, series, more } = chart;
  const content = hasValues(chart)
    ? `<div class="chart" id="chart-${panel.id}"></div>
<ul class="keys">${series.map(keyItem(chart)).join('')}${more > 0 ? `<li class="quiet">and ${amount(more)} smaller ones</li>` : ''}</ul>
<noscript>The charts need JavaScript; the tables do not.</noscript>`
    : '<p class="quiet">Nothing in this time.</p>';
  return `<section class="panel"><h3>${escaped(panel.title)}</h3><p class="quiet">${escaped(panel.words)}</p>${content}</section>`;
}

function keyItem({ panel }: ChartPicture): (series: ChartPicture['series'][number], index: number) => string {
  return ({ name, values }, index) => {
    const newest = values.findLast((value) => value !== null);
    const value = newest === undefined || newest === null ? '' : valueInWords(newest, panel.unit);
    return `<li><i style="background: var(--line-${index})"></i>${escaped(name)} <b>${escaped(value)}</b></li>`;
  };
}

/** Zero all the time is nothing. */
function hasValues({ series }: ChartPicture): boolean {
  return series.some(({ values }) => values.some((value) => value !== null && value !== 0));
}

function tableOf(table: TablePicture): string {
  const { panel, rows, more } = table;
  const { labels = [], value = '' } = panel.columns ?? {};
  const hasWords = panel.reasons !== undefined;
  const names = [...labels, value, ...(hasWords ? ['in words'] : [])];
  const content =
    rows.length === 0
      ? '<p class="quiet">None.</p>'
      : `<table><thead><tr>${names.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => rowOf(table, row)).join('')}</tbody></table>${more > 0 ? `<p class="quiet">and ${amount(more)} more</p>` : ''}`;
  return `<section class="panel table" id="table-${panel.id}"><h3>${escaped(panel.title)}</h3><p class="quiet">${escaped(panel.words)}</p>${content}</section>`;
}

function rowOf({ panel }: TablePicture, { labels, value }: Sample): string {
  const { labels: names = [], value: valueName = '' } = panel.columns ?? {};
  const words = rowWords(panel, labels);
  const cell = (name: string, text: string, kind = '') =>
    `<td${kind} data-name="${escaped(name)}">${escaped(text)}</td>`;
  return `<tr>${names.map((name) => cell(name, labels[name] ?? '')).join('')}${cell(valueName, valueInWords(value, panel.unit), ' class="value"')}${
    panel.reasons === undefined
      ? ''
      : `<td>${escaped(words?.meaning ?? '')}<span class="helps">${escaped(words?.remedy ?? '')}</span></td>`
  }</tr>`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
