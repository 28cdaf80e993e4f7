import { QueueOpenError } from '../queue.js';

const WHAT = 'The queue file queue.sqlite in DATA_DIR';
const BEGIN_ANEW = 'restore it, or move it away to begin with an empty queue (events are then read again from Core).';

/** By SQLite's primary result code (https://www.sqlite.org/rescode.html). */
const SENTENCES: ReadonlyMap<number, string> = new Map([
  [5, 'is locked by another program (a backup, a database browser): end that, and try again.'],
  [6, 'is locked by another program (a backup, a database browser): end that, and try again.'],
  [8, 'cannot be written: give this user the right to write the folder and the files in it.'],
  [10, 'cannot be read or written: the disk reports an error, look at it first.'],
  [13, 'cannot be written: the disk is full.'],
  [14, 'cannot be opened: it must be a file that this user may read and write, in a folder that it may write.'],
]);
const DAMAGED = `is damaged: ${BEGIN_ANEW}`;

/** Turns whatever stopped the opening or the use of the file into the operator's sentence. */
export function refusalOf(cause: unknown): QueueOpenError {
  if (cause instanceof QueueOpenError) return cause;
  return new QueueOpenError(`${WHAT} ${sentenceFor(cause)}`, { cause });
}

function sentenceFor(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return DAMAGED;
  if ('errcode' in cause && typeof cause.errcode === 'number') return SENTENCES.get(cause.errcode & 0xff) ?? DAMAGED;
  // The operating system refused before SQLite was asked.
  const code = 'code' in cause ? String(cause.code) : '';
  return (code === 'ENOSPC' ? SENTENCES.get(13) : SENTENCES.get(code === 'EROFS' ? 8 : 14)) ?? DAMAGED;
}
