import { OperatorQueue } from './operator-queue.js';
import type { OperatorStore } from './operator-store.js';

export interface OperatorPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/**
 * Opens the queue beside whoever works on it; creates and migrates nothing.
 * @throws {QueueOpenError} with what the operator can do.
 */
export async function openOperatorQueue(place: OperatorPlace): Promise<OperatorQueue> {
  return new OperatorQueue(await openOperatorStore(place));
}

/** As {@link openOperatorQueue}, the store alone. */
export async function openOperatorStore({ dataDir, databaseUrl }: OperatorPlace): Promise<OperatorStore> {
  if (databaseUrl !== undefined) {
    const { PostgresStore } = await import('./postgres-store.js');
    return PostgresStore.open(databaseUrl);
  }
  const { SqliteStore } = await import('./sqlite-store.js');
  return SqliteStore.open(dataDir);
}
