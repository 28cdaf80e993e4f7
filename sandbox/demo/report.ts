import Table from 'cli-table3';
import colors from 'picocolors';
import type { EventEntry, EventOutcome } from './event-book.ts';
import type { LocalMarketplace } from './local-marketplace.ts';
import { expectedByKind } from './verify-records.ts';

/** Tables without lines between their rows. */
const COMPACT = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

const PAINT: Readonly<Record<EventOutcome, (text: string) => string>> = {
  waiting: colors.dim,
  delivered: colors.green,
  skipped: colors.cyan,
  ignored: colors.cyan,
  dead_lettered: colors.red,
  lost: colors.red,
  'timed out': colors.red,
};

/** One event as one line: story date, name, outcome, reason, lag. */
export function eventLine(entry: EventEntry): string {
  const date = new Date(entry.atMs).toISOString().slice(0, 16).replace('T', ' ');
  const lag = entry.lagMs === undefined ? '' : `${Math.round(entry.lagMs)} ms`;
  const more = [
    entry.reason,
    entry.rings === 0 && entry.outcome !== 'timed out' && 'found by catch-up',
    entry.retries > 0 && `tried again ${times(entry.retries)}`,
    entry.rings > 1 && `rang ${times(entry.rings)}`,
  ].filter((part) => part !== false && part !== '');
  return [
    colors.dim(date),
    entry.type.padEnd(29),
    PAINT[entry.outcome](entry.outcome.padEnd(13)),
    lag.padStart(8),
    more.length === 0 ? '' : colors.dim(`  ${more.join(', ')}`),
  ].join(' ');
}

/** The closing tables: what the target holds, and how it came there. */
export function closingTables(local: LocalMarketplace): string {
  return `${recordTable(local)}\n${deliveryTable(local)}`;
}

function recordTable({ target }: LocalMarketplace): string {
  const wanted = expectedByKind(target.expected);
  const held = Map.groupBy(target.standIn.records(), ({ kind }) => kind);
  const table = new Table({
    head: ['records', 'expected', 'found'],
    colAligns: ['left', 'right', 'right'],
    ...COMPACT,
  });
  for (const kind of new Set([...wanted.keys(), ...held.keys()])) {
    table.push([kind, wanted.get(kind) ?? 0, held.get(kind)?.length ?? 0]);
  }
  return table.toString();
}

function deliveryTable({ book, target, core }: LocalMarketplace): string {
  const entries = book.entries;
  const lags = entries.flatMap(({ lagMs }) => lagMs ?? []).toSorted((a, b) => a - b);
  const count = (outcome: EventOutcome) => entries.filter((entry) => entry.outcome === outcome).length;
  const total = (value: (entry: EventEntry) => number) => entries.reduce((sum, entry) => sum + value(entry), 0);
  const lost = entries.filter(({ rings }) => rings === 0).length;
  const rows: readonly (readonly [string, string | number])[] = [
    ['events rung', `${entries.length - lost} (${total(({ rings }) => rings)} webhooks)`],
    ...(lost === 0
      ? []
      : ([
          ['webhooks dropped', lost],
          ['gaps closed by catch-up', book.gapsClosed],
        ] as const)),
    ['delivered', count('delivered')],
    ['skipped', reasons(entries, 'skipped')],
    ['ignored', count('ignored')],
    ['dead letters', count('dead_lettered')],
    ['lost or timed out', count('lost') + count('timed out')],
    ['duplicates answered', total(({ duplicates }) => duplicates)],
    ['retries', total(({ retries }) => retries)],
    ['syncs because time had passed', book.timePassed],
    ['lag p50 / max', `${at(lags, 0.5)} / ${at(lags, 1)} ms`],
    ['reads from Core', [...core.answered.values()].reduce((sum, answers) => sum + answers, 0)],
    ...target.noticed().map(([name, value]) => [`${target.standIn.id}: ${name}`, value] as const),
  ];
  const table = new Table({ colAligns: ['left', 'right'], ...COMPACT });
  for (const [name, value] of rows) table.push([name, String(value)]);
  return table.toString();
}

function reasons(entries: readonly EventEntry[], outcome: EventOutcome): string {
  const byReason = new Map<string, number>();
  for (const { reason } of entries.filter((entry) => entry.outcome === outcome)) {
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  return [...byReason].map(([reason, count]) => `${count} ${reason}`).join('\n') || '0';
}

/** The value at a share of a sorted list, `0.5` being the median. */
function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
