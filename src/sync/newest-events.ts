import type { QueuedEvent } from '../queue/queue.js';
import type { RecordsWork } from './tried-event.js';

/**
 * The newest event behind each record, by the record's key. Its arrival is that of whichever event of the claim came last:
 * revisions count on by it, and a claim whose settlement was lost comes again with these events and perhaps more, of which
 * a newer one may have arrived earlier (at another replica, whose clock is a little behind). Its revisions must not fall.
 *
 * @param work of one claim, in the order in which its events happened
 */
export function newestEvents(work: readonly RecordsWork[]): ReadonlyMap<string, QueuedEvent> {
  const receivedAtMs = Math.max(0, ...work.map(({ event }) => event.receivedAtMs));
  return new Map(work.flatMap(({ event, records }) => records.map(({ key }) => [key, { ...event, receivedAtMs }])));
}
