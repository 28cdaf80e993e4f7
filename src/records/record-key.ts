import { createHash } from 'node:crypto';
import { RECORD_KINDS, type RecordKind } from './record-kinds.js';

export type Environment = 'production' | 'sandbox';

/** External key of a record: `<env>-<code>-<locator>`, only `[A-Za-z0-9_-]`, at most 64 characters, case kept. */
export type RecordKey = `${'p' | 's'}-${string}-${string}`;

const SAFE_LOCATOR = /^[A-Za-z0-9_-]+$/;
const MAX_KEY_LENGTH = 64;

/**
 * Builds the key under which a target finds the record again.
 * Dataverse, Odoo and URLs restrict the characters, so an unusual or long locator becomes `<20 safe characters>_<hash>`.
 */
export function recordKey(environment: Environment, kind: RecordKind, locator: string): RecordKey {
  const prefix = `${environment === 'production' ? 'p' : 's'}-${RECORD_KINDS[kind].code}-` as const;
  if (SAFE_LOCATOR.test(locator) && prefix.length + locator.length <= MAX_KEY_LENGTH) return `${prefix}${locator}`;
  const readable = locator.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 20);
  return `${prefix}${readable}_${createHash('sha256').update(locator).digest('hex').slice(0, 12)}`;
}
