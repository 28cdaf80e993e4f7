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
  private lateMs = 0;
  private lateSinceMs = -Infinity;

  /** @param now a clock that only goes forward, in milliseconds */
  constructor(private readonly now: () => number) {
    this.lookedAtMs = now();
  }

  /** The worker has looked for work. @param isIdle nothing was due and nothing is in hand */
  looked(isIdle: boolean): void {
    this.lookedAtMs = this.now();
    if (isIdle) this.lateMs = 0;
  }

  /** Work was taken in hand so long after it was due. */
  took(lateMs: number): void {
    const nowMs = this.now();
    if (lateMs < this.lateMs && nowMs - this.lateSinceMs < LATE_FOR_MS) return;
    this.lateMs = Math.max(0, lateMs);
    this.lateSinceMs = nowMs;
  }

  read(): WorkerHeartbeat {
    return { silentMs: this.now() - this.lookedAtMs, backlogAgeMs: this.lateMs };
  }
}
