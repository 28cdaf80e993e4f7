/** Words of Core for a claim that nobody works on any more. */
const OVER = new Set(['closed', 'discarded', 'denied', 'settled', 'withdrawn']);

/** Whether a claim is over; undefined: the record does not say. */
export function isOverClaim(op: 'upsert' | 'void', status: string | undefined): boolean | undefined {
  if (op === 'void') return true;
  return status === undefined ? undefined : OVER.has(status.toLowerCase());
}
