import type { ClaimedRoot, Settlement } from '../queue.js';
import type { Statements } from './statements.js';

/** Stores what became of a claim, all but when its root is due again; within a transaction. */
export function storeSettlement(
  statements: Statements,
  { tenant, root }: ClaimedRoot,
  { nowMs, ended, retried, records, places, wake }: Settlement,
): void {
  for (const { sequence, end, code } of ended) statements.endEvent.run(end, code ?? null, nowMs, sequence);
  for (const { sequence, tries, retryAtMs, code } of retried) {
    statements.retryEvent.run(tries, retryAtMs, code, sequence);
  }
  storeMarks(statements, { tenant, root }, records);
  for (const { key, root: place } of places) statements.putRecordRoot.run(tenant, key, place);
  if (wake) statements.setWake.run(wake === 'never' ? null : wake.atMs, tenant, root);
}

/** Stores what is known of records; within a transaction. */
export function storeMarks(
  statements: Statements,
  { tenant, root }: Pick<ClaimedRoot, 'tenant' | 'root'>,
  records: Settlement['records'],
): void {
  for (const { connection, key, revision, contentHash, confirmed, targetId } of records) {
    const values = [revision, contentHash, Number(confirmed), targetId ?? null, root];
    statements.putRecord.run(tenant, connection, key, ...values);
  }
}
