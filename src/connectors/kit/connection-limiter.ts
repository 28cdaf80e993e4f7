import PQueue from 'p-queue';
import type { ConnectionLimits, Failure, TargetResponse } from '../connector.js';

/** How long a throttled connection rests when the target does not say. */
export const DEFAULT_THROTTLE_MS = 10_000;

/**
 * Keeps one account's requests within what its target allows, over everything that is in hand for it. When the target
 * asks for rest, the whole connection rests: what waits in line is answered `held` without being sent.
 */
export class ConnectionLimiter {
  private readonly line: PQueue;
  private restUntilMs = 0;

  constructor(
    { concurrent, burst }: ConnectionLimits,
    private readonly now: () => number,
  ) {
    this.line = new PQueue({
      concurrency: concurrent,
      ...(burst && { intervalCap: burst.requests, interval: burst.perMs, strict: true }),
    });
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
