import { OperatorQueue } from './operator-queue.js';

export interface OperatorPlace {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/**
 * Opens the queue beside whoever works on it; creates and migrates nothing.
 * @throws {QueueOpenError} with what the operator can do.
 */
export async function openOperatorQueue({ dataDir, databaseUrl }: OperatorPlace): Promise<OperatorQueue> {
  if (databaseUrl !== undefined) {
    const { PostgresStore } = await import('./postgres-store.js');
    return new OperatorQueue(await PostgresStore.open(databaseUrl));
  }
  const { SqliteStore } = await import('./sqlite-store.js');
  return new OperatorQueue(SqliteStore.open(dataDir));
}
