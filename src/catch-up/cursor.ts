import { readAuxData, writeAuxData } from '../core/aux-data.js';
import type { CoreClient } from '../core/core-client.js';
import type { StreamPosition } from '../core/event-stream.js';
import type { Queue } from '../queue/queue.js';

/**
 * Where a tenant's event stream goes on. Kept in the queue, and mirrored to the tenant's own Core, so that a container
 * with an empty disk goes on where the last one stopped.
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
  const own = readPosition(await queue.cursor(tenant));
  if (own) return { kind: 'found', position: own };
  const mirrored = await readAuxData(client, keyOf(connection));
  switch (mirrored.kind) {
    case 'found': {
      const position = readPosition(mirrored.value);
      return position ? { kind: 'found', position } : { kind: 'first_time' };
    }
    // An account that may not read auxiliary data never wrote any either.
    case 'not_found':
    case 'forbidden':
      return { kind: 'first_time' };
    case 'retry':
    case 'unavailable':
      return { kind: 'unavailable', code: mirrored.code };
    case 'unauthorized':
    case 'malformed':
      return { kind: 'unavailable', code: `aux_data_${mirrored.kind}` };
  }
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

function readPosition(text: string | undefined): StreamPosition | undefined {
  if (text === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return undefined;
    if ('pagingToken' in json && typeof json.pagingToken === 'string') {
      return { kind: 'token', pagingToken: json.pagingToken };
    }
    return 'startMs' in json && typeof json.startMs === 'number' ? { kind: 'from', startMs: json.startMs } : undefined;
  } catch {
    // Somebody else's value under our key: as good as none.
    return undefined;
  }
}
