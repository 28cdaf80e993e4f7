import type { StreamPosition } from '../core/event-stream.js';
import type { WaitingSpan } from '../queue/queue.js';
import { RecentlyUsed } from '../recently-used.js';

/** Of a forgotten tenant the mirror stays as it is until a position is found anew, as after a restart. */
const TENANTS_REMEMBERED = 10_000;

interface Known {
  /** Nothing before it waits here. Undefined after a restart, until one is found: the mirror then stays as it is. */
  readonly over?: StreamPosition;
  /** What is tried next: it is over as soon as no event waits of those that waited when it was read. */
  readonly candidate?: { readonly position: StreamPosition; readonly lastWaiting: number };
}

/**
 * From where each tenant's stream has to be read again if this queue is lost: a position that no event stands before
 * that still waits here. It moves on although the queue is never empty, from one candidate to the next, as the events
 * end that waited when the candidate was read; so one event that waits for days holds it for as long. A dead letter
 * holds nothing: it was reported, the operator decides on it, and it may stay for months.
 *
 * Compared are positions in the queue, not times: a clock may be put back.
 */
export class RereadPositions {
  private readonly known = new RecentlyUsed<Known>(TENANTS_REMEMBERED);

  /** The stream is read from here. Only reading for the first time begins at an instant: nothing is before that. */
  begin(tenant: string, position: StreamPosition): void {
    if (position.kind === 'from' && !this.known.has(tenant)) this.known.set(tenant, { over: position });
  }

  /**
   * @param readUpTo what is before it is in the queue by now
   * @param waiting what waits there, asked for after that
   * @returns from where to read again; undefined when it is not known whether what was mirrored before may be passed
   */
  moveOn(tenant: string, readUpTo: StreamPosition, waiting: WaitingSpan | undefined): StreamPosition | undefined {
    const now = after(this.known.get(tenant), readUpTo, waiting);
    this.known.set(tenant, now);
    return now.over;
  }
}

function after(known: Known = {}, readUpTo: StreamPosition, waiting: WaitingSpan | undefined): Known {
  if (waiting === undefined) return { over: readUpTo };
  const next = { position: readUpTo, lastWaiting: waiting.last };
  const { candidate } = known;
  if (candidate === undefined) return { ...known, candidate: next };
  return waiting.first > candidate.lastWaiting ? { over: candidate.position, candidate: next } : known;
}
