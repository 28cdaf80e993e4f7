import { type Screen, toned, wrapped } from './screen.js';

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string;
  readonly right?: true;
  /** Long texts: breaks into lines where the terminal is too narrow. */
  readonly flexible?: true;
  /** Left out where the terminal is too narrow, the last one first: it can be had otherwise. */
  readonly dispensable?: true;
}

const GAP = '  ';
/** A column of words narrower than this is hard to read: then each row becomes a small list. */
const NARROWEST = 16;
/** Below this so much would be left out that lists say more. */
const NARROWEST_TABLE = 72;

/** A table without borders, as wide as it must be; on a narrow terminal with fewer columns, or one small list per row. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], screen: Screen): string[] {
  const all = fitting(rows, columns, screen);
  if (all !== undefined) return all;
  const dispensable = columns.findLastIndex((column) => column.dispensable);
  if (dispensable >= 0 && screen.width >= NARROWEST_TABLE)
    return table(rows, columns.toSpliced(dispensable, 1), screen);
  return lists(rows, columns, screen);
}

/** @returns undefined: there is no room for these columns. */
function fitting<T>(rows: readonly T[], columns: readonly Column<T>[], screen: Screen): string[] | undefined {
  const cells = rows.map((row) => columns.map((column) => column.of(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const flexible = columns.findIndex((column) => column.flexible);
  const excess = sum(widths) + GAP.length * (columns.length - 1) - screen.width;
  const widest = widths[flexible];
  if (excess > 0) {
    if (widest === undefined || widest - excess < NARROWEST) return undefined;
    widths[flexible] = widest - excess;
  }
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.right ? text.padStart(width) : text.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [
    toned(screen, 'dim', line(columns.map(({ title }) => title))),
    ...cells.flatMap((row) => {
      const words = wrapped(row[flexible] ?? '', widths[flexible] ?? Infinity);
      return words.map((part, depth) =>
        line(row.map((text, index) => (index === flexible ? part : depth === 0 ? text : ''))),
      );
    }),
  ];
}

function lists<T>(rows: readonly T[], columns: readonly Column<T>[], screen: Screen): string[] {
  const cells = rows.map((row) => columns.map((column) => column.of(row)));
  const width = Math.max(...columns.map(({ title }) => title.length));
  return cells.flatMap((row, number) => [
    ...(number === 0 ? [] : ['']),
    ...row.flatMap((text, index) => {
      if (text === '') return [];
      const parts = wrapped(text, Math.max(NARROWEST, screen.width - width - GAP.length));
      return parts.map((part, depth) => {
        const title = depth === 0 ? (columns[index]?.title ?? '') : '';
        return `${toned(screen, 'dim', title.padEnd(width))}${GAP}${part}`.trimEnd();
      });
    }),
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
