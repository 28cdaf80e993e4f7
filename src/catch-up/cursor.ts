import { readAuxData, writeAuxData } from '../core/aux-data.js';
import type { CoreClient } from '../core/core-client.js';
import type { StreamPosition } from '../core/event-stream.js';
import type { Queue } from '../queue/queue.js';

/**
 * Where a tenant's event stream goes on. Kept in the queue, and mirrored to the tenant's own Core, so that a container
 * with an empty disk goes on where the last one stopped. While events wait, the mirror stays before them
 * (`reread-positions.ts`): they are lost with the disk.
 */
export interface CursorPlaces {
  readonly queue: Pick<Queue, 'cursor' | 'saveCursor'>;
  readonly client: Pick<CoreClient, 'get' | 'put'>;
  readonly tenant: string;
  /** Two apps on one tenant (a sandbox and a production target, say) must not share a cursor. */
  readonly connection: string;
}

export type FoundCursor =
  | { readonly kind: 'found'; readonly position: StreamPosition }
  /** Neither place knows one: the tenant starts for the first time. */
  | { readonly kind: 'first_time' }
  /** The mirror could not be asked; beginning anew would leave a gap. */
  | { readonly kind: 'unavailable'; readonly code: string };

export async function findCursor({ queue, client, tenant, connection }: CursorPlaces): Promise<FoundCursor> {
  const own = readKept(await queue.cursor(tenant));
  if (own && !own.isFromStart) return { kind: 'found', position: own.position };
  // What an earlier disk of this app knew reaches further back than the Start that this one remembers.
  const firstTime: FoundCursor = own ? { kind: 'found', position: own.position } : { kind: 'first_time' };
  const mirrored = await readAuxData(client, keyOf(connection));
  switch (mirrored.kind) {
    case 'found': {
      const position = readKept(mirrored.value)?.position;
      return position ? { kind: 'found', position } : firstTime;
    }
    // An account that may not read auxiliary data never wrote any either.
    case 'not_found':
    case 'forbidden':
      return firstTime;
    case 'retry':
    case 'unavailable':
      return { kind: 'unavailable', code: mirrored.code };
    case 'unauthorized':
    case 'malformed':
      return { kind: 'unavailable', code: `aux_data_${mirrored.kind}` };
  }
}

/**
 * Keeps where the stream begins for a tenant that was never read, before Start is answered: whatever happens to this
 * process or to Core from now on, nothing after it is missed. Whoever has a cursor already keeps it.
 */
export async function keepStart(
  { queue, tenant }: Pick<CursorPlaces, 'queue' | 'tenant'>,
  startMs: number,
): Promise<void> {
  if ((await queue.cursor(tenant)) === undefined) await saveStart({ queue, tenant }, startMs);
}

/** Until a first page was read from it the mirror is asked again: a Core that is not well may not know it for a while. */
export async function saveStart(
  { queue, tenant }: Pick<CursorPlaces, 'queue' | 'tenant'>,
  startMs: number,
): Promise<void> {
  await queue.saveCursor(tenant, JSON.stringify({ kind: 'from', startMs, isFromStart: true }));
}

export async function saveCursor({ queue, tenant }: CursorPlaces, position: StreamPosition): Promise<void> {
  await queue.saveCursor(tenant, JSON.stringify(position));
}

/** @returns undefined on success, else why the mirror was not written; reading goes on all the same. */
export async function mirrorCursor(
  { client, connection }: CursorPlaces,
  position: StreamPosition,
): Promise<string | undefined> {
  const answer = await writeAuxData(client, keyOf(connection), JSON.stringify(position));
  if (answer.kind === 'found') return undefined;
  return 'code' in answer ? answer.code : `core_${answer.kind}`;
}

function keyOf(connection: string): string {
  return `cursor.${connection}`;
}

interface Kept {
  readonly position: StreamPosition;
  /** Where the stream begins if the mirror knows nothing: no page was read from it yet. */
  readonly isFromStart: boolean;
}

function readKept(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return undefined;
    if ('pagingToken' in json && typeof json.pagingToken === 'string') {
      return { position: { kind: 'token', pagingToken: json.pagingToken }, isFromStart: false };
    }
    if (!('startMs' in json) || typeof json.startMs !== 'number') return undefined;
    const isFromStart = 'isFromStart' in json && json.isFromStart === true;
    return { position: { kind: 'from', startMs: json.startMs }, isFromStart };
  } catch {
    // Somebody else's value under our key: as good as none.
    return undefined;
  }
}
