import { OperatorQueue } from './operator-queue.js';
import type { OperatorStore } from './operator-store.js';

export interface OperatorPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/**
 * Opens the queue beside whoever works on it, with all that has come until now; creates and migrates nothing.
 * @throws {QueueOpenError} with what the operator can do.
 */
export async function openOperatorQueue(place: OperatorPlace): Promise<OperatorQueue> {
  const store = await openOperatorStore(place);
  try {
    await store.fileArrivals();
    return new OperatorQueue(store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** As {@link openOperatorQueue}, the store alone, and what has just come may not be seen. */
export async function openOperatorStore({ dataDir, databaseUrl }: OperatorPlace): Promise<OperatorStore> {
  if (databaseUrl !== undefined) {
    const { PostgresStore } = await import('./postgres-store.js');
    return PostgresStore.open(databaseUrl);
  }
  const { SqliteStore } = await import('./sqlite-store.js');
  return SqliteStore.open(dataDir);
}
