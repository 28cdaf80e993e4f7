import type { ConnectionLimits } from '../connectors/connector.js';
import { shareOfLimits, type ShareOfLimits } from './share-of-limits.js';

describe('the share of an account that one replica may use', () => {
  it.each<[ConnectionLimits, number, ShareOfLimits]>([
    [{ concurrent: 8 }, 1, { limits: { concurrent: 8 }, takesTurns: false }],
    [{ concurrent: 8 }, 3, { limits: { concurrent: 2 }, takesTurns: false }],
    [{ concurrent: 2 }, 2, { limits: { concurrent: 1 }, takesTurns: false }],
    [{ concurrent: 2 }, 3, { limits: { concurrent: 1 }, takesTurns: true }],
    [
      { concurrent: 4, burst: { requests: 90, perMs: 10_000 } },
      1,
      { limits: { concurrent: 4, burst: { requests: 90, perMs: 10_000 } }, takesTurns: false },
    ],
    [
      { concurrent: 4, burst: { requests: 90, perMs: 10_000 } },
      4,
      { limits: { concurrent: 1, burst: { requests: 22, perMs: 10_000 } }, takesTurns: false },
    ],
    [
      { concurrent: 4, burst: { requests: 2, perMs: 1_000 } },
      3,
      { limits: { concurrent: 1, burst: { requests: 1, perMs: 1_500 } }, takesTurns: false },
    ],
  ])('of %j among %i is %j', (limits, replicas, share) => {
    expect(shareOfLimits(limits, replicas)).toEqual(share);
  });

  it('is never more than the account allows, all replicas together', () => {
    for (let replicas = 1; replicas <= 12; replicas++) {
      for (let requests = 1; requests <= 12; requests++) {
        const { limits, takesTurns } = shareOfLimits(
          { concurrent: requests, burst: { requests, perMs: 1_000 } },
          replicas,
        );
        const atOnce = takesTurns ? 1 : limits.concurrent * replicas;
        expect(atOnce).toBeLessThanOrEqual(requests);
        const { requests: own, perMs } = limits.burst ?? { requests: Infinity, perMs: 1 };
        expect((own * replicas) / perMs).toBeLessThanOrEqual(requests / 1_000);
      }
    }
  });
});
