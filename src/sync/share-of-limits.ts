import type { ConnectionLimits } from '../connectors/connector.js';

/** What one of several replicas may ask of an account, so that all together stay within what it allows. */
export interface ShareOfLimits {
  readonly limits: ConnectionLimits;
  /** There are fewer places than replicas: whoever sends must be the only one at that moment. */
  readonly takesTurns: boolean;
}

/**
 * Divides an account's limits evenly. A burst of fewer requests than there are replicas becomes one request in a longer
 * time. Nothing is ever rounded up in favour of a replica.
 */
export function shareOfLimits({ concurrent, burst }: ConnectionLimits, replicas: number): ShareOfLimits {
  const requests = burst && Math.floor(burst.requests / replicas);
  const perMs = burst && (requests === 0 ? Math.ceil((burst.perMs * replicas) / burst.requests) : burst.perMs);
  return {
    limits: {
      concurrent: Math.max(1, Math.floor(concurrent / replicas)),
      ...(requests !== undefined && perMs !== undefined && { burst: { requests: Math.max(1, requests), perMs } }),
    },
    takesTurns: concurrent < replicas,
  };
}
