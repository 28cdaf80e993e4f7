import Table from 'cli-table3';
import { FAULT_KINDS, type FaultKind, factsOf, isFaultKind } from './fault-kinds.ts';
import type { RunResult } from './run.ts';

/** What the runs with one kind of fault came to; a run with two kinds counts for both. */
export interface KindRow {
  readonly title: string;
  readonly runs: number;
  readonly restarts: number;
  readonly accepted: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly olderWrites: number;
  readonly otherFindings: number;
  readonly deadLetters: number;
  readonly replayed: number;
}

export function kindRows(results: readonly RunResult[]): readonly KindRow[] {
  return kinds()
    .map((kind) =>
      rowOf(
        factsOf(kind).title,
        results.filter((result) => result.kinds.includes(kind)),
      ),
    )
    .filter(({ runs }) => runs > 0);
}

/** All runs, each once. */
export function totalRow(results: readonly RunResult[]): KindRow {
  return rowOf('all', results);
}

function rowOf(title: string, results: readonly RunResult[]): KindRow {
  const sum = (value: (result: RunResult) => number) => results.reduce((total, result) => total + value(result), 0);
  const found = (...promises: readonly string[]) =>
    sum(({ findings }) => findings.filter(({ promise }) => promises.includes(promise)).length);
  return {
    title,
    runs: results.length,
    restarts: sum(({ restarts }) => restarts),
    accepted: sum(({ accepted }) => accepted),
    refused: sum(({ refused }) => refused),
    lost: found('lost'),
    duplicated: found('duplicated'),
    olderWrites: found('older write'),
    otherFindings: found('missed', 'wrong record', 'stuck', 'wrong answer', 'crash'),
    deadLetters: sum(({ deadLetters }) => deadLetters),
    replayed: sum(({ replayed }) => replayed),
  };
}

export const COLUMNS: readonly (readonly [string, keyof KindRow])[] = [
  ['what went wrong', 'title'],
  ['runs', 'runs'],
  ['restarts', 'restarts'],
  ['events accepted', 'accepted'],
  ['refused or unanswered', 'refused'],
  ['lost', 'lost'],
  ['duplicated', 'duplicated'],
  ['older writes', 'olderWrites'],
  ['other findings', 'otherFindings'],
  ['dead letters', 'deadLetters'],
  ['then replayed', 'replayed'],
];

/** For the screen. */
export function runTable(results: readonly RunResult[]): string {
  const table = new Table({
    head: COLUMNS.map(([name]) => name),
    colAligns: COLUMNS.map((_column, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    wordWrap: true,
  });
  for (const row of [...kindRows(results), totalRow(results)]) {
    table.push(COLUMNS.map(([, column]) => String(row[column])));
  }
  return table.toString();
}

function kinds(): readonly FaultKind[] {
  return Object.keys(FAULT_KINDS).filter(isFaultKind);
}
