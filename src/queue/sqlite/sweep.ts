import type { DatabaseSync } from 'node:sqlite';
import type { SweepLimits } from '../queue.js';
import { BUSY_TIMEOUT_MS } from './schema.js';
import type { Statements } from './statements.js';

/** Of one step: a few milliseconds on a laptop, some tens where the processor has a tenth of its speed. */
const MOST_EVENTS = 50;
const MOST_PAGES = 50;
/** Free pages (1 MB) that are left for what comes next. */
const PAGES_KEPT = 256;

/** One short step of forgetting, within a transaction. @returns whether there may be more */
export function sweepStep(database: DatabaseSync, statements: Statements, limits: SweepLimits): boolean {
  const deleted = Number(statements.deleteForgotten.run(limits.eventsBeforeMs, MOST_EVENTS).changes);
  if (deleted === MOST_EVENTS) return true;
  const emptied = forgetPayloads(statements, limits.payloadsBeforeMs, MOST_EVENTS - deleted);
  if (deleted + emptied === MOST_EVENTS) return true;
  return giveSpaceBack(database, statements);
}

/** @returns false as well when the file cannot do that, because it could not be written anew. */
function giveSpaceBack(database: DatabaseSync, statements: Statements): boolean {
  const pagesFree = () => Number(statements.freePages.get()?.freelist_count ?? 0);
  const before = pagesFree();
  if (before <= PAGES_KEPT) return false;
  database.exec(`PRAGMA incremental_vacuum(${Math.min(MOST_PAGES, before - PAGES_KEPT)})`);
  const after = pagesFree();
  return after < before && after > PAGES_KEPT;
}

/** The rows are taken out and put back: SQLite gives no space back of a row that only became shorter. */
function forgetPayloads(statements: Statements, beforeMs: number, most: number): number {
  const rows = statements.takeOutOver.all(beforeMs, most);
  for (const row of rows) statements.putForgotten.run(...Object.values(row));
  return rows.length;
}

/**
 * What was forgotten stands in the file until the log is brought into it, and in the log until that is cut. Not while
 * somebody reads: nothing waits for a reader, the next round comes in a minute.
 */
export function emptyLog(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE);');
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`);
  }
}
