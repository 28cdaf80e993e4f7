import { isDeepStrictEqual } from 'node:util';
import PQueue from 'p-queue';
import type { ConnectionLimits, Failure, TargetResponse } from '../connector.js';

/** How long a throttled connection rests when the target does not say. */
export const DEFAULT_THROTTLE_MS = 10_000;

/**
 * Keeps one account's requests within what its target allows, over everything that is in hand for it. When the target
 * asks for rest, the whole connection rests: what waits in line is answered `held` without being sent.
 */
export class ConnectionLimiter {
  private line: PQueue;
  private restUntilMs = 0;

  constructor(
    private limits: ConnectionLimits,
    private readonly now: () => number,
  ) {
    this.line = lineWithin(limits);
  }

  /** For everything from now on; what stands in line already goes out as it was. The rest that the target asked for stays. */
  changeTo(limits: ConnectionLimits): void {
    if (isDeepStrictEqual(limits, this.limits)) return;
    this.limits = limits;
    this.line = lineWithin(limits);
  }

  /** @param judge what the answer means; a throttling one ends the turn of everybody who waits */
  run(
    exchange: () => Promise<TargetResponse>,
    judge: (response: TargetResponse) => Failure | undefined,
  ): Promise<TargetResponse> {
    return this.line.add(async () => {
      const restMs = this.restUntilMs - this.now();
      if (restMs > 0) return { kind: 'held', retryAfterMs: restMs };
      const response = await exchange();
      const failure = judge(response);
      if (failure?.outcome === 'throttled') this.rest(failure.retryAfterMs ?? DEFAULT_THROTTLE_MS);
      return response;
    });
  }

  /** Several exchanges may be throttled at the same time; the longest rest counts. */
  private rest(ms: number): void {
    this.restUntilMs = Math.max(this.restUntilMs, this.now() + ms);
  }
}

function lineWithin({ concurrent, burst }: ConnectionLimits): PQueue {
  return new PQueue({
    concurrency: concurrent,
    ...(burst && { intervalCap: burst.requests, interval: burst.perMs, strict: true }),
  });
}
