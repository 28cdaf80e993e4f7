import { createHash } from 'node:crypto';
import type { CanonicalRecord } from '../records/canonical-record.js';

/**
 * The revision after `previous`: `<newest change in Core>#<sequence>`, which compares as text. The sequence is the
 * clock, or one more than the last where the clock stands still or went back, so a revision never falls, and a lost
 * queue file does not make it begin anew.
 */
export function nextRevision(previous: string | undefined, sourceUpdatedAtMs: number, nowMs: number): string {
  const sourceTime = new Date(sourceUpdatedAtMs).toISOString();
  const [previousTime = '', previousSequence = '0'] = previous?.split('#') ?? [];
  const time = previousTime > sourceTime ? previousTime : sourceTime;
  return `${time}#${String(Math.max(nowMs, Number(previousSequence) + 1)).padStart(13, '0')}`;
}

/** Hash of what a target would see of the record; equal hashes need no write. Member order does not matter. */
export function contentHash(record: CanonicalRecord): string {
  const { kind, op, locator, fields, relations } = record;
  return sha256(JSON.stringify(ordered({ kind, op, locator, fields, relations }))).slice(0, 32);
}

/** Equal for every try of the same content, different for newer content: receivers may refuse a second one. */
export function deliveryIdOf(tenant: string, connection: string, key: string, revision: string): string {
  return sha256([tenant, connection, key, revision].join('\n')).slice(0, 32);
}

/** The tenant's connection to one target: other records are known to another account or address. */
export function connectionOf(targetId: string, values: Readonly<Record<string, string>>): string {
  return sha256([targetId, values['api-url'] ?? '', values.account ?? ''].join('\n')).slice(0, 16);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, ordered(member)]),
  );
}
