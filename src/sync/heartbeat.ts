/** How long a late claim speaks for the backlog: claims of other tenants in between may be in time. */
const LATE_FOR_MS = 60_000;

/** How the worker is, as far as an instance may say it to anybody: no tenant, no target. */
export interface WorkerHeartbeat {
  /** Since the worker last looked for work; it does so every second. */
  readonly silentMs: number;
  /** How long the most overdue work had waited past its time when it was taken in hand lately; 0: all is in time. */
  readonly backlogAgeMs: number;
}

/**
 * What the worker itself notices about its work, so that to ask costs nothing however much waits. A tenant that rests
 * (its target is away, it is paused, nobody has called for it since the restart) does not count: that is no fault of
 * this instance, and nothing here could mend it.
 */
export class Heartbeat {
  private lookedAtMs: number;
  private idleAtMs: number;
  private lateMs = 0;
  private lateSinceMs = -Infinity;

  /** @param now a clock that only goes forward, in milliseconds */
  constructor(private readonly now: () => number) {
    this.lookedAtMs = now();
    this.idleAtMs = this.lookedAtMs;
  }

  /** The worker has looked for work. @param isIdle nothing was due and nothing is in hand */
  looked(isIdle: boolean): void {
    this.lookedAtMs = this.now();
    if (!isIdle) return;
    this.lateMs = 0;
    this.idleAtMs = this.lookedAtMs;
  }

  /**
   * Work was taken in hand so long after it was due. What became workable only now (dead letters that are replayed, a
   * tenant that was paused) may look as if it had waited for days; it has waited since the worker last had nothing to do.
   */
  took(pastDueMs: number): void {
    const nowMs = this.now();
    const lateMs = Math.min(pastDueMs, nowMs - this.idleAtMs);
    if (lateMs < this.lateMs && nowMs - this.lateSinceMs < LATE_FOR_MS) return;
    this.lateMs = Math.max(0, lateMs);
    this.lateSinceMs = nowMs;
  }

  read(): WorkerHeartbeat {
    return { silentMs: this.now() - this.lookedAtMs, backlogAgeMs: this.lateMs };
  }
}
