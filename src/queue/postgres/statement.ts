/** What other replicas listen to: when something is due (milliseconds), or that replicas came or went (`replicas`). */
export const CHANNEL = 'socotra_sync';

/** What is sent to the database; by its name each connection knows it already the next time. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** A replica that was not heard of for so long has lost its leases. */
export const REPLICA_LIFE_MS = 30_000;
export const LIVES = `seen_at > clock_timestamp() - interval '${REPLICA_LIFE_MS} milliseconds'`;

/** Without an answer for so long a replica's leases may be lost soon; the rest of the life is for what is already on its way. */
export const TRUST_MS = REPLICA_LIFE_MS * (2 / 3);

/** What a root has that nobody works on. */
export const NOT_IN_HAND = 'lease = NULL, lease_owner = NULL, lease_until = NULL, claimed_at = NULL, touched = false';
