import type { Queue, SettleTimes } from './queue.js';

export interface QueuePlace extends SettleTimes {
  /** Folder of the embedded queue. */
  readonly dataDir: string;
  /** The shared queue's database; unset: the embedded queue. */
  readonly databaseUrl?: string;
}

/**
 * Opens the queue where the operator wants it. Only the adapter in use is loaded: the other one costs memory too.
 * @throws {QueueOpenError} with what the operator can do.
 */
export async function openQueue(place: QueuePlace): Promise<Queue> {
  if (place.databaseUrl !== undefined) {
    const { PostgresQueue } = await import('./postgres/postgres-queue.js');
    return PostgresQueue.open(place.databaseUrl, place);
  }
  const { SqliteQueue } = await import('./sqlite/sqlite-queue.js');
  return SqliteQueue.open(place.dataDir, place);
}
