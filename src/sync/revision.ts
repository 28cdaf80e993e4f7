import { hash as digest } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import type { CanonicalRecord } from '../records/canonical-record.js';

/**
 * The revision after `previous`: `<newest change in Core>#<sequence>`, which compares as text. The sequence is the
 * arrival of the latest event of the claim, or one more than the last: so it never falls, a lost queue file does not make it
 * begin anew, and what is sent again after a kill is sent under the same revision.
 *
 * @param receivedAtMs milliseconds since the epoch
 */
export function nextRevision(previous: string | undefined, sourceUpdatedAtMs: number, receivedAtMs: number): string {
  const sourceTime = new Date(sourceUpdatedAtMs).toISOString();
  const [previousTime = '', previousSequence = '0'] = previous?.split('#') ?? [];
  const time = previousTime > sourceTime ? previousTime : sourceTime;
  return `${time}#${String(Math.max(receivedAtMs, Number(previousSequence) + 1)).padStart(13, '0')}`;
}

/** A record never changes, and is asked for more than once on its way. */
const hashes = new WeakMap<CanonicalRecord, string>();

/** Hash of what a target would see of the record; equal hashes need no write. Member order does not matter. */
export function contentHash(record: CanonicalRecord): string {
  const known = hashes.get(record);
  if (known !== undefined) return known;
  const { kind, op, locator, fields, relations } = record;
  const hash = sha256(stringify({ kind, op, locator, fields, relations }) ?? '').slice(0, 32);
  hashes.set(record, hash);
  return hash;
}

/**
 * Equal for every try of the same content, different for newer content: receivers answer a second one from memory. The
 * revision alone does not tell: what was sent by a process that was killed before it could remember that has the revision
 * that the next process gives to what it reads, and time may have changed the record in between.
 *
 * @param hash of the content, see {@link contentHash}
 */
export function deliveryIdOf(tenant: string, connection: string, key: string, revision: string, hash: string): string {
  return sha256([tenant, connection, key, revision, hash].join('\n')).slice(0, 32);
}

function sha256(text: string): string {
  return digest('sha256', text, 'hex');
}
