import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BUILT_APP, type LocalMarketplace, prepareLocalMarketplace } from '../../sandbox/demo/local-marketplace.ts';
import { REPLICAS, sharedServer } from './replicas.ts';

/** One event as the queue has it. */
export interface StoredEvent {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  /** Failed ones so far. */
  readonly tries: number;
}

/** What can be seen of the queue from outside, whichever store it is in. */
export interface Store {
  events(): Promise<readonly StoredEvent[]>;
  /** Everything in it is gone, as with a lost disk; only while no app runs. */
  lose(): Promise<void>;
}

const EVENTS = 'SELECT id, state, code, tries FROM';
const ARRIVED = "SELECT id, 'waiting', NULL, 0 FROM arrivals";

/** The local Marketplace around the built app, in as many processes as the run asks for, and the queue they share. */
export async function prepareStoryMarketplace(
  environment: Readonly<Record<string, string>> = {},
  replicas = REPLICAS,
): Promise<{ local: LocalMarketplace; store: Store }> {
  if (replicas === 1) {
    const local = await prepared(environment, replicas);
    return { local, store: fileOf(local) };
  }
  const server = await sharedServer();
  const database = await server.createDatabase();
  const rows = (text: string) => server.query(database, text);
  return {
    local: await prepared({ ...environment, DATABASE_URL: database }, replicas),
    store: {
      events: async () => (await rows(`${EVENTS} socotra_sync.events`)).map(toStoredEvent),
      lose: async () => void (await rows('DROP SCHEMA socotra_sync CASCADE')),
    },
  };
}

async function prepared(environment: Readonly<Record<string, string>>, replicas: number): Promise<LocalMarketplace> {
  const preparation = await prepareLocalMarketplace(BUILT_APP, environment, 'rest', replicas);
  if (!preparation.ok) throw new Error(preparation.problems.join(' '));
  return preparation.local;
}

function fileOf({ app }: LocalMarketplace): Store {
  const [process] = app.processes;
  if (process === undefined) throw new Error('an app has at least one process');
  return {
    events: async () => {
      const file = new DatabaseSync(join(process.dataDir, 'queue.sqlite'), { readOnly: true });
      try {
        return file.prepare(`${EVENTS} events UNION ALL ${ARRIVED}`).all().map(toStoredEvent);
      } finally {
        file.close();
      }
    },
    lose: () => app.loseDisk(),
  };
}

function toStoredEvent({ id, state, code, tries }: Readonly<Record<string, unknown>>): StoredEvent {
  return { id: String(id), state: String(state), code: code === null ? null : String(code), tries: Number(tries) };
}
