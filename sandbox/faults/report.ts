import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { FAULT_KINDS, factsOf, isFaultKind, type StoreName, STORES } from './fault-kinds.ts';
import type { RunResult } from './run.ts';
import { COLUMNS, type KindRow, kindRows, totalRow } from './run-table.ts';

export const PAGE = new URL('../../docs/reliability.md', import.meta.url);

export type ResultsByStore = Readonly<Record<StoreName, readonly RunResult[]>>;

const STORE_TITLES: Readonly<Record<StoreName, string>> = {
  sqlite: 'SQLite, one process',
  postgres: 'PostgreSQL, one to three replicas',
};
const BEGIN = '<!-- Generated from sandbox/faults/results by npm run faults -- --report. -->';
const END = '<!-- End of the generated part. -->';

/** The page with its generated part written anew. */
export async function pageWithTables(results: ResultsByStore): Promise<string> {
  const config = await resolveConfig(PAGE);
  const [before = '', rest = ''] = readFileSync(PAGE, 'utf8').split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error('The marks of the generated part are gone.');
  const text = [before, BEGIN, '\n\n', generatedPart(results), '\n\n', END, after].join('');
  return format(text, { ...config, parser: 'markdown' });
}

/** What was done and what came of it, from nothing but the results. */
export function generatedPart(results: ResultsByStore): string {
  return [
    summary(STORES.flatMap((store) => results[store])),
    '### What was done',
    faultTable(results),
    ...STORES.flatMap((store) => [
      `### What came of it: ${STORE_TITLES[store]}`,
      seedsIn(results[store]),
      resultTable(results[store]),
      boundariesIn(results[store]),
    ]),
    '### Open findings',
    openFindings(STORES.flatMap((store) => results[store])),
  ].join('\n\n');
}

function summary(all: readonly RunResult[]): string {
  const { runs, accepted, restarts, deadLetters, lost, duplicated, olderWrites, otherFindings } = totalRow(all);
  return (
    `**${amount(runs)} runs, ${amount(accepted)} events answered 200, ${amount(restarts)} processes ended and started ` +
    `again, ${amount(deadLetters)} dead letters made and replayed: ${amount(lost)} events lost, ${amount(duplicated)} ` +
    `records duplicated, ${amount(olderWrites)} older states written over newer ones, ${amount(otherFindings)} other findings.**`
  );
}

function faultTable(results: ResultsByStore): string {
  const rows = Object.keys(FAULT_KINDS)
    .filter(isFaultKind)
    .map((kind) => {
      const { title, what, stores } = factsOf(kind);
      const runsOn = (store: StoreName) =>
        stores.includes(store) ? amount(results[store].filter(({ kinds }) => kinds.includes(kind)).length) : 'none';
      return `| ${title} | ${what} | ${STORES.map(runsOn).join(' | ')} |`;
    });
  return ['| Fault | What is done | Runs, SQLite | Runs, PostgreSQL |', '| --- | --- | ---: | ---: |', ...rows].join(
    '\n',
  );
}

function resultTable(results: readonly RunResult[]): string {
  const cells = (row: KindRow) => COLUMNS.map(([, column]) => cellOf(row[column]));
  const lines = [...kindRows(results), totalRow(results)].map((row) => `| ${cells(row).join(' | ')} |`);
  const head = COLUMNS.map(([name]) => name);
  const rule = COLUMNS.map((_column, index) => (index === 0 ? '---' : '---:'));
  return [`| ${head.join(' | ')} |`, `| ${rule.join(' | ')} |`, ...lines].join('\n');
}

function seedsIn(results: readonly RunResult[]): string {
  const [first, last] = [results[0], results.at(-1)];
  if (first === undefined || last === undefined) return 'No runs yet.';
  const byTarget = [...Map.groupBy(results, ({ target }) => target)]
    .map(([target, runs]) => `${amount(runs.length)} ${target}`)
    .join(', ');
  return `${amount(results.length)} runs, seeds ${first.seed} to ${last.seed}; targets: ${byTarget}. A run with two kinds of fault counts in both rows.`;
}

/** At which commits processes died: as numbers of the commit within the run of that process. */
function boundariesIn(results: readonly RunResult[]): string {
  const kills = results.flatMap(({ commitKills }) => commitKills.map((kill) => kill.split(' ')));
  const numbersOf = (moment: string) => kills.filter(([, own]) => own === moment).map(([number]) => Number(number));
  const parts = ['before', 'after'].map((moment) => {
    const numbers = numbersOf(moment);
    const different = new Set(numbers);
    return `${amount(numbers.length)} kills immediately ${moment} a commit, at ${amount(different.size)} different ones, from the first to number ${amount(Math.max(0, ...numbers))}`;
  });
  return `Commit boundaries: ${parts.join('; ')}.`;
}

/** Nothing is kept quiet: every run in which something was found, and how it is repeated. */
function openFindings(all: readonly RunResult[]): string {
  const open = all.filter(({ findings }) => findings.length > 0);
  if (open.length === 0) return 'None.';
  return open
    .map(({ store, seed, findings, plan }) => {
      const counts = [...Map.groupBy(findings, ({ promise }) => promise)].map(
        ([promise, found]) => `${amount(found.length)} × ${promise}`,
      );
      const again = `npm run faults -- --store ${store} --runs 1 --seed ${seed}`;
      return `- ${store}, seed ${seed}: ${counts.join(', ')}. ${plan.join(' ')} Again: \`${again}\``;
    })
    .join('\n');
}

function cellOf(value: string | number): string {
  return typeof value === 'number' ? amount(value) : value;
}

function amount(value: number): string {
  return value.toLocaleString('en-US');
}
